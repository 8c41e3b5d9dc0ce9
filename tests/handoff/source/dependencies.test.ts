import { expect, test } from "vitest";
import { isManifest, newDependencies } from "../../../src/handoff/source/dependencies.ts";

const json = (value: object) => JSON.stringify(value);

test.each([
  ["package.json", json({ dependencies: { a: "1" } }), json({ dependencies: { a: "2", b: "1" } }), ["b"]],
  [
    "package.json",
    json({}),
    json({ devDependencies: { d: "1" }, peerDependencies: { p: "1" }, optionalDependencies: { o: "1" } }),
    ["d", "o", "p"],
  ],
  ["package.json", json({ dependencies: { a: "1" } }), json({ devDependencies: { a: "1" } }), []],
  ["package.json", json({ dependencies: { a: "1" } }), json({ dependencies: { a: "npm:evil@1" } }), ["a (npm:evil@1)"]],
  ["package.json", json({ dependencies: { a: "1" } }), json({ dependencies: { a: "github:x/a" } }), ["a (github:x/a)"]],
  ["package.json", json({ dependencies: { a: "1" } }), json({ dependencies: { a: "x/a#main" } }), ["a (x/a#main)"]],
  ["package.json", json({ dependencies: { a: "1" } }), json({ dependencies: { a: "file:./a" } }), ["a (file:./a)"]],
  ["package.json", json({ dependencies: { a: "^1" } }), json({ dependencies: { a: "~2.0.0 || >=3" } }), []],
  ["package.json", "{}", json({ dependencies: { "@x/api": "workspace:*" } }), []],
  [
    "package.json",
    json({ dependencies: { a: "1" } }),
    json({ dependencies: { a: "1" }, overrides: { b: "1", a: { c: "npm:d@1" } } }),
    ["b", "c (npm:d@1)"],
  ],
  [
    "package.json",
    "{}",
    json({ resolutions: { "a>b@1": "2" }, pnpm: { overrides: { "@x/y@1": "2" } } }),
    ["@x/y", "b"],
  ],
  [
    "setup.py",
    "setup(install_requires=['requests'])",
    'setup(\n  install_requires=["requests>=2", "httpx"],  # why\n  extras_require={"dev": ["pytest[x]>=1"]},\n)',
    ["httpx", "pytest"],
  ],
  [
    "setup.cfg",
    "",
    "[options]\ninstall_requires =\n    requests>=2\n    httpx\nzip_safe = no\n",
    ["httpx", "requests"],
  ],
  [
    "Pipfile",
    "[packages]\nrequests = '*'\n",
    "[packages]\nrequests = '*'\nflask = '*'\n[dev-packages]\npytest = '*'\n[requires]\npython_version = '3.12'\n",
    ["flask", "pytest"],
  ],
  [
    "Dockerfile",
    "FROM node:20 AS build\n",
    "FROM --platform=linux/amd64 node:22 AS build\nFROM build\nFROM ghcr.io/x/evil:1\nCOPY --from=build / /\nCOPY --from=alpine:3 / /\n",
    ["alpine", "ghcr.io/x/evil"],
  ],
  [
    ".github/workflows/ci.yml",
    "    - uses: actions/checkout@v4\n",
    "    - uses: actions/checkout@v5\n    - uses: ./.github/actions/own\n    - name: x\n      uses: evil/action@main\n",
    ["evil/action"],
  ],
  ["sub/package.json", null, json({ dependencies: { "@x/y": "1" } }), ["@x/y"]],
  ["package.json", json({ dependencies: { a: "1" } }), "{ not json", []],
  ["package.json", json({ dependencies: { a: "1" } }), null, []],
  [
    "requirements-dev.txt",
    "requests==2.0\n# flask\n",
    "Requests>=3 # up\nflask[async]~=1\n-r base.txt\ngit+https://x/y.git\n",
    ["flask", "git+https://x/y.git"],
  ],
  ["requirements.txt", "typing_extensions\n", "typing-extensions\n", []],
  [
    "pyproject.toml",
    '[project]\nname = "x"\ndependencies = ["requests>=2"]\n',
    '[project]\nname = "x"\nkeywords = ["flask"]\ndependencies = [\n  "requests[socks]>=2", # why\n  "httpx",\n]\n[project.optional-dependencies]\ndev = ["pytest"]\n[dependency-groups]\nlint = ["ruff"]\n',
    ["httpx", "pytest", "ruff"],
  ],
  [
    "pyproject.toml",
    '[tool.poetry.dependencies]\npython = "^3.11"\n',
    '[tool.poetry.dependencies]\npython = "^3.12"\nflask = { version = "1", optional = true }\n[tool.poetry.group.dev.dependencies]\npytest = "8"\n',
    ["flask", "pytest"],
  ],
  [
    "Cargo.toml",
    '[package]\nname = "x"\n[dependencies]\nserde = "1"\n',
    '[package]\nname = "x"\nedition = "2021"\n[dependencies]\nserde = { version = "1", features = ["derive"] }\ntokio.workspace = true\n[dev-dependencies]\nproptest = "1"\n[target.\'cfg(unix)\'.dependencies]\nnix = "1"\n[dependencies.regex]\nversion = "1"\n[features]\nextra = []\n',
    ["nix", "proptest", "regex"],
  ],
  [
    "Cargo.toml",
    "",
    '[package.metadata.x.dependencies]\nno = "1"\n[dependencies]\n"a" = { version = "1",\n  features = ["b"], # why\n}\n# c = "1"\ntext = """\n[dependencies]\nd = "1"\n"""\n[workspace.dependencies]\ne.version = "1"\n',
    ["a", "e", "text"],
  ],
  ["Cargo.toml", "", '[dependencies]\na = "1"\na = "2"\n', []],
  [
    "pyproject.toml",
    "",
    'project.dependencies = ["a;python_version>\'3\'"]\n[dependency-groups]\ntest = [{ include-group = "lint" }, "b @ https://x/b.whl"]\n[tool.poetry.dependencies.c]\nversion = "1"\n',
    ["a", "b (https://x/b.whl)", "c"],
  ],
  [
    "go.mod",
    "module a\n\nrequire github.com/a/b v1.0.0\n",
    "module a\n\nrequire github.com/a/b v1.1.0\nrequire (\n\tgithub.com/c/d v1.0.0 // indirect\n\t// github.com/no/no v1\n\tgolang.org/x/net v0.1.0\n)\n",
    ["github.com/c/d", "golang.org/x/net"],
  ],
  ["Gemfile", 'gem "rails"\n', "gem 'rails', '~> 7'\n  gem \"puma\"\n# gem 'no'\n", ["puma"]],
  [
    "composer.json",
    json({ require: { php: ">=8" } }),
    json({ require: { php: ">=8", "a/b": "1" }, "require-dev": { "c/d": "1" } }),
    ["a/b", "c/d"],
  ],
  [
    "pom.xml",
    "<dependency><groupId>g</groupId><artifactId>a</artifactId></dependency>",
    "<dependency>\n<groupId> g </groupId>\n<artifactId>a</artifactId><version>2</version></dependency><!-- <dependency><groupId>no</groupId><artifactId>no</artifactId></dependency> --><dependency><groupId>h</groupId><artifactId>b</artifactId></dependency>",
    ["h:b"],
  ],
  [
    "app/build.gradle.kts",
    'dependencies {\n  implementation("g:a:1")\n}\n',
    'dependencies {\n  implementation("g:a:2")\n  testImplementation(platform("g:bom:1"))\n  kapt(libs.dagger)\n  // api("no:no:1")\n}\n',
    ["g:bom", "libs.dagger"],
  ],
  ["build.gradle", "", "dependencies {\n    api 'g:a:1'\n    implementation group: 'x'\n}\n", ["g:a"]],
  ["src/App.csproj", "", '<PackageReference Include="Serilog" Version="1" />', ["Serilog"]],
])("%s: %j to %j brings %j", (path, before, after, names) => {
  expect(newDependencies(path, { before, after })).toEqual(names);
});

test.each([
  "package-lock.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "Cargo.lock",
  "go.sum",
  "Gemfile.lock",
  "poetry.lock",
  "src/package.json.ts",
])("%s is not a manifest", (path) => {
  expect(isManifest(path)).toBe(false);
  expect(newDependencies(path, { before: "", after: json({ dependencies: { a: "1" } }) })).toEqual([]);
});
