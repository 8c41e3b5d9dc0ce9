import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/paths.ts";
import { expectCompleted, type Honest } from "../../support/samples/honest-work.ts";
import { testUnderLoad } from "../../support/trials.ts";

const COMMANDER = join(ROOT, "node_modules/commander/lib");
const MODULES = readdirSync(COMMANDER).filter((name) => name.endsWith(".js"));

/** A package as it is installed, with tests and a changelog of ours. */
const PACKAGE = {
  ...Object.fromEntries(MODULES.map((name) => [`lib/${name}`, readFileSync(join(COMMANDER, name), "utf8")])),
  "package.json": '{"name":"commander","type":"commonjs","scripts":{"test":"node --test tests/"}}\n',
  "CHANGELOG.md": "# Changelog\n\n## 14.0.0\n\n- first\n",
  "tests/option.test.js": [
    "const { test } = require('node:test');",
    "const assert = require('node:assert');",
    "const { Option } = require('../lib/option.js');",
    "test('keeps its flags', () => assert.equal(new Option('-d, --debug').flags, '-d, --debug'));\n",
  ].join("\n"),
};

const ON_A_PACKAGE: readonly Honest[] = [
  {
    name: "a method with its test, a changelog, kept interfaces and a document of the changes",
    files: ["lib/option.js", "tests/option.test.js", "CHANGELOG.md"],
    forbid: ["lib/command.js"],
    interfaces: ["lib/option.js#Option", "lib/option.js#Option.default", "lib/command.js#Command"],
    validation: ["npm test", "node --check lib/command.js"],
    guardrails: { require_tests: true },
    commit: "Add Option.hint",
    changes_doc: "CODEX-CHANGES.md",
    task: "In `lib/option.js` add `hint(text)` to Option, test it in `tests/option.test.js` and name it in `CHANGELOG.md`.",
    work: [
      "sed -i 's|^class Option {|class Option {\\n  hint(text) {\\n    this.hintText = text;\\n    return this;\\n  }\\n|' lib/option.js",
      `echo "test('has a hint', () => assert.equal(new Option('-d').hint('x').hintText, 'x'));" >> tests/option.test.js`,
      "sed -i 's/^# Changelog/# Changelog\\n\\n## Next\\n\\n- Option.hint/' CHANGELOG.md",
      "printf -- '- lib/option.js: hint\\n- tests/option.test.js: its test\\n- CHANGELOG.md: a line\\n' > CODEX-CHANGES.md",
    ].join("; "),
  },
  {
    name: "all of a folder but one file",
    files: ["lib/**"],
    forbid: ["lib/command.js", "**/*.snap"],
    validation: ["npm test"],
    task: "In `lib/error.js` say what the file is for.",
    work: "sed -i '1i // Errors of the parser.' lib/error.js",
  },
  {
    name: "six files that scope names, without max_files",
    files: MODULES.map((name) => `lib/${name}`),
    validation: ["npm test"],
    task: "In `lib/option.js` and the other files put a licence header.",
    work: "for file in lib/*.js; do sed -i '1i // SPDX-License-Identifier: MIT' $file; done",
  },
];

const SHOP = {
  "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["requests"]\n',
  ".gitignore": "__pycache__/\n",
  "shop/__init__.py": "",
  "shop/cart.py": [
    "class Cart:",
    "    def __init__(self):\n        self.items = []\n",
    "    def add(self, name: str, price: float, *, count: int = 1) -> None:",
    "        self.items.append((name, price, count))\n",
    "    def total(self) -> float:",
    "        return sum(p * c for _, p, c in self.items)\n",
  ].join("\n"),
  "tests/test_cart.py": [
    "import unittest\n\nfrom shop.cart import Cart\n\n",
    "class CartTest(unittest.TestCase):",
    "    def test_empty(self):\n        self.assertEqual(Cart().total(), 0)\n",
    "    def test_one(self):\n        cart = Cart()\n        cart.add('a', 2)\n        self.assertEqual(cart.total(), 2)\n",
  ].join("\n"),
  "tests/__init__.py": "",
};

const IN_PYTHON: readonly Honest[] = [
  {
    name: "a feature with its test",
    work: [
      "sed -i 's/return sum(\\(.*\\))$/return round(sum(\\1), 2)/' shop/cart.py",
      "printf '\\n    def test_rounds(self):\\n        cart = Cart()\\n        cart.add(\"a\", 0.1, count=3)\\n        self.assertEqual(cart.total(), 0.3)\\n' >> tests/test_cart.py",
    ].join("; "),
  },
  {
    name: "a kept signature that a formatter lays out over several lines",
    work: "sed -i 's/def add(self, name: str, price: float, \\*, count: int = 1)/def add(\\n        self,\\n        name: str,\\n        price: float,\\n        *,\\n        count: int = 1,\\n    )/' shop/cart.py",
  },
].map((work) => ({
  files: ["shop/cart.py", "tests/test_cart.py"],
  validation: ["python3 -m unittest -q"],
  interfaces: ["shop/cart.py#Cart.add"],
  commit: "Cart",
  task: "In `shop/cart.py` put the cart in order, and test it in `tests/test_cart.py`.",
  ...work,
}));

const MONOREPO = {
  "package.json": '{"name":"root","private":true,"workspaces":["packages/*"]}\n',
  "package-lock.json": '{"name":"root","lockfileVersion":3,"packages":{}}\n',
  "packages/api/package.json":
    '{"name":"@x/api","version":"1.0.0","scripts":{"test":"node --test test/"},"dependencies":{},"devDependencies":{"zod":"^4.0.0"}}\n',
  "packages/api/src/index.ts":
    "export interface User { id: string }\nexport function load(id: string): User { return { id }; }\n",
  "packages/api/src/generated/client.ts": "export const v = 1;\n",
  "packages/api/test/index.test.js": "const { test } = require('node:test');\ntest('a', () => {});\n",
  "packages/api/test/__snapshots__/index.test.js.snap": "exports[`a 1`] = `1`;\n\nexports[`b 1`] = `2`;\n",
  "packages/web/package.json": '{"name":"@x/web","version":"1.0.0"}\n',
  "README.md": "# Shop\n",
  "docs/guide.md": "Old text.\n",
};

const IN_A_MONOREPO: readonly Honest[] = [
  {
    name: "a dependency that is allowed by its name, with the lock file",
    files: ["packages/api/**", "package-lock.json"],
    forbid: ["packages/api/src/generated/**", "packages/web/**"],
    guardrails: { allow_dependencies: ["lru-cache"] },
    task: "In `packages/api/src/index.ts` cache what was loaded, with lru-cache from `packages/api/package.json`.",
    work: [
      `sed -i 's/"dependencies":{}/"dependencies":{"lru-cache":"^11.0.0"}/' packages/api/package.json`,
      `echo '{"name":"root","lockfileVersion":3,"packages":{"node_modules/lru-cache":{"version":"11.0.0"}}}' > package-lock.json`,
      "echo 'export const cache = new Map<string, User>();' >> packages/api/src/index.ts",
    ].join("; "),
  },
  {
    name: "a package of the workspace by its protocol",
    files: ["packages/web/package.json"],
    task: "In `packages/web/package.json` depend on @x/api.",
    work: `sed -i 's/"version":"1.0.0"/"version":"1.0.0","dependencies":{"@x\\/api":"workspace:*"}/' packages/web/package.json`,
  },
  {
    name: "a dependency that goes from development to use",
    files: ["packages/api/package.json"],
    task: "In `packages/api/package.json` move zod to the dependencies.",
    work: `sed -i 's/"dependencies":{},"devDependencies":{"zod":"^4.0.0"}/"dependencies":{"zod":"^4.0.0"}/' packages/api/package.json`,
  },
  {
    name: "a snapshot that is written anew, without what is obsolete",
    files: ["packages/api/test/"],
    task: "In `packages/api/test/index.test.js` and its snapshot keep what is used.",
    work: "printf 'exports[`a 1`] = `3`;\\n' > packages/api/test/__snapshots__/index.test.js.snap",
  },
  {
    name: "documents",
    type: "docs",
    files: ["README.md", "docs/**"],
    validation: ["git diff --check"],
    commit: "Docs",
    task: "Rewrite the introduction in `README.md`, and in `docs/guide.md` replace the old text.",
    work: "echo 'Three commands.' >> README.md; sed -i 's/Old/New/' docs/guide.md",
  },
].map((work) => ({ validation: ["npm test -w packages/api", "cd packages/api && npm test"], ...work }));

testUnderLoad("honest work on a package is completed", () => expectCompleted(PACKAGE, ON_A_PACKAGE));

testUnderLoad("honest work in Python is completed", () => expectCompleted(SHOP, IN_PYTHON));

testUnderLoad("honest work in a monorepo is completed", () => expectCompleted(MONOREPO, IN_A_MONOREPO));
