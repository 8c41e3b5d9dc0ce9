import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandFault } from "../../../src/handoff/check/known-commands.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** A tree with a script, a package.json and one below, and a PATH with these programs. */
async function place(root: string) {
  const bin = join(root, "bin dir");
  for (const folder of [bin, join(root, "scripts"), join(root, "sub", "node_modules", ".bin")])
    await mkdir(folder, { recursive: true });
  for (const name of ["npm", "yarn", "make", "env", "git"]) {
    await writeFile(join(bin, name), "");
    await chmod(join(bin, name), 0o755);
  }
  await writeFile(join(bin, "plain"), "");
  await mkdir(join(bin, "folder"));
  await writeFile(join(root, "scripts", "check.sh"), "");
  await writeFile(join(root, "package.json"), '{"scripts": {"test": "x", "lint": "y"}}');
  await writeFile(join(root, "sub", "package.json"), '{"scripts": {"build": "x"}}');
  await writeFile(join(root, "sub", "node_modules", ".bin", "tsc"), "");
  await mkdir(join(root, "broken"));
  await writeFile(join(root, "broken", "package.json"), "{");
  return {
    root,
    searchPath: `/nowhere:${bin}`,
    mayChange: (path: string) => ["scripts/new.sh", "mine/package.json"].includes(path),
  };
}

describe("a validation command", () => {
  test.each([
    "npm test",
    "npm test -- --run auth.spec.ts",
    "npm run lint",
    "npm run --silent lint",
    "npm ci && npm run lint",
    "npm run",
    "npm run nowhere --if-present",
    "npm --prefix sub run nowhere",
    "cd sub && npm run build",
    "cd sub && yarn run tsc",
    "cd broken && npm test",
    'cd "$DIR" && npm run nowhere',
    "CI=1 make -j2 test > 'out file' 2>&1",
    "! make test | env cat",
    "if make; then make install; fi",
    "for x in a b; do make $x; done",
    "./scripts/check.sh",
    "scripts/new.sh --all",
    "cd scripts; ./check.sh",
    "test -f a && [ -s a ] && echo ok",
    "$PROGRAM --version",
    "$(git config x) y",
    "make \\\n  test",
    "cd /nowhere && npm run nowhere",
    "cd mine && npm run nowhere",
    "make # then nowhere",
    "# all of it\nmake",
    ">out.txt make",
    "2>&1 make",
    "make 'a && nowhere'",
    "cat <<EOF\nnowhere\nEOF",
    "/bin/sh -c nowhere",
    "bash_function() { :; }; bash_function",
  ])("%s can be run, as far as can be told", async (command) => {
    await using temp = await tempFolder();
    expect(await commandFault(command, await place(temp.path))).toBeNull();
  });

  test.each([
    { command: "nowhere --all", names: "no program nowhere" },
    { command: "make && nowhere", names: "no program nowhere" },
    { command: "make\nnowhere", names: "no program nowhere" },
    { command: "(make; nowhere)", names: "no program nowhere" },
    { command: "A=1 B='2 3' nowhere", names: "no program nowhere" },
    { command: "'no where'", names: "no program no where" },
    { command: 'no"where"', names: "no program nowhere" },
    { command: "plain", names: "no program plain" },
    { command: "folder", names: "no program folder" },
    { command: "./scripts/none.sh", names: "no ./scripts/none.sh" },
    { command: "/nowhere/at/all", names: "no /nowhere/at/all" },
    { command: "npm run typecheck", names: "package.json has no script typecheck" },
    { command: "cd sub && npm test", names: "sub/package.json has no script test" },
    { command: "cd sub && yarn run nowhere", names: "sub/package.json has no script nowhere" },
    { command: "cd scripts && npm test", names: "no scripts/package.json" },
    { command: "npm run toString", names: "no script toString" },
  ])("$command cannot: $names", async ({ command, names }) => {
    await using temp = await tempFolder();
    expect(await commandFault(command, await place(temp.path))).toContain(names);
  });
});
