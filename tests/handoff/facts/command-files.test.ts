import { expect, test } from "vitest";
import { commandFiles, isShellScript } from "../../../src/handoff/facts/command-files.ts";
import { emptyRepository } from "../../support/git/repository.ts";

test("commands lead to the files they name, through scripts of package.json to what these start", () => {
  const repository = emptyRepository();
  const scripts = { pretest: "sh scripts/build.sh", test: "vitest run", lint: "npm run lint" };
  repository.write("package.json", JSON.stringify({ scripts }));
  const through = (...commands: string[]) => commandFiles(repository.root, commands);
  expect(through("npm test")).toEqual(
    expect.arrayContaining(["scripts/build.sh", "node_modules/.bin/vitest", "node_modules/.bin/sh"]),
  );
  expect(through("CI=1 ./check.sh && node_modules/.bin/mytest --all")).toEqual(
    expect.arrayContaining(["check.sh", "node_modules/.bin/mytest"]),
  );
  expect(through("npm run lint")).toContain("node_modules/.bin/lint");
  expect(through("make test")).not.toContain("scripts/build.sh");
  expect(through("../outside.sh /bin/x")).toEqual([]);
});

test.each([
  ["make test", "Makefile", "test: build\n\t@./scripts/check.sh --all\n"],
  ["CI=1 just check", "justfile", "check:\n    ./scripts/check.sh\n"],
  ["task check", "Taskfile.yml", "tasks:\n  check:\n    cmds:\n      - ./scripts/check.sh\n"],
  ["deno task check", "deno.json", '{"tasks": {"check": "./scripts/check.sh"}}'],
  ["composer run check", "composer.json", '{"scripts": {"check": "scripts/check.sh"}}'],
  ["tox -e py", "tox.ini", "[testenv]\ncommands = ./scripts/check.sh\n"],
  ["npm run check", "package.json", '{"scripts": {"check": "make check"}}'],
])("%s leads through %s to the script that it starts", (command, file, text) => {
  const repository = emptyRepository();
  repository.write("Makefile", "check:\n\tscripts/check.sh\n");
  repository.write(file, text);
  expect(commandFiles(repository.root, [command])).toContain("scripts/check.sh");
});

test("a shell script is told by its name or its first line", () => {
  expect(isShellScript("a.sh", "")).toBe(true);
  expect(isShellScript("bin/check", "#!/usr/bin/env bash\nexit 0\n")).toBe(true);
  expect(isShellScript("src/cli.js", "#!/usr/bin/env node\n")).toBe(false);
});
