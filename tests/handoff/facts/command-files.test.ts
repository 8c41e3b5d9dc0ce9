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

test("a shell script is told by its name or its first line", () => {
  expect(isShellScript("a.sh", "")).toBe(true);
  expect(isShellScript("bin/check", "#!/usr/bin/env bash\nexit 0\n")).toBe(true);
  expect(isShellScript("src/cli.js", "#!/usr/bin/env node\n")).toBe(false);
});
