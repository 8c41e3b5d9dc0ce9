import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { ROOT } from "../support/paths.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";

const NODE = process.execPath;
const LAUNCHERS = ["ask_codex", "codex_broker"];

test("the launchers differ in their name only", async () => {
  const texts = await Promise.all(LAUNCHERS.map((name) => readFile(join(ROOT, "scripts", `${name}.sh`), "utf8")));
  const nameless = texts.map((text, index) => text.replaceAll(LAUNCHERS[index] ?? "", "NAME"));
  expect(new Set(nameless).size).toBe(1);
});

describe.for(LAUNCHERS)("%s.sh", (name) => {
  test("arguments and stdin reach the program byte for byte", async () => {
    await using skill = await makeSkill(name);
    const args = ["two words", "", "$HOME `id` \"'\\", "line\nbreak\n", "*", "ünï 😀", "--", "-n"];
    const { stdout } = await launch(skill, skill.launcher, { args, input: "first\n\n\tlast without newline" });
    expect(JSON.parse(stdout)).toEqual({ args, stdin: "first\n\n\tlast without newline" });
  });

  test("the program's exit code is the launcher's", async () => {
    await using skill = await makeSkill(name);
    await writeFile(skill.program, "process.exitCode = 42;");
    expect((await launch(skill, skill.launcher)).exitCode).toBe(42);
  });

  test("it finds its folder through relative and absolute symlinks, from any directory", async () => {
    await using skill = await makeSkill(name);
    const bin = join(skill.path, "bin");
    await mkdir(bin);
    await symlink(`../a skill/scripts/${name}.sh`, join(bin, "relative"));
    await symlink(join(bin, "relative"), join(bin, "-absolute"));
    expect((await launch(skill, join(bin, "-absolute"), { cwd: "/" })).exitCode).toBe(0);
    expect((await launch(skill, "./relative", { cwd: bin })).exitCode).toBe(0);
  });

  test("without a Node it says what to install", async () => {
    await using skill = await makeSkill(name, { node: null });
    const { exitCode, stderr, stdout } = await launch(skill, skill.launcher);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/^\[ERROR\] .*20\.19.*$/);
  });

  test.for(["v18.20.4", "v20.18.3", "v9.0.0"])("a Node %s is named and refused", async (version) => {
    await using skill = await makeSkill(name, { node: fakeNode(version) });
    const { exitCode, stderr } = await launch(skill, skill.launcher);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^\[ERROR\] .*$/);
    expect(stderr).toContain(version.slice(1));
    expect(stderr).toContain("20.19");
  });

  test.for(["v20.19.0", "v22.0.0", "v100.1.0", "v26.0.0-nightly"])("a Node %s is taken", async (version) => {
    await using skill = await makeSkill(name, { node: fakeNode(version) });
    expect((await launch(skill, skill.launcher)).exitCode).toBe(0);
  });

  test("a Node that is too old on PATH does not hide a newer one of nvm", async () => {
    await using skill = await makeSkill(name, { node: fakeNode("v18.20.4") });
    await writeProgram(join(skill.path, ".nvm/versions/node/v22.1.0/bin/node"), fakeNode("v22.1.0"));
    expect((await launch(skill, skill.launcher)).exitCode).toBe(0);
  });

  test("when the program is not built, it says how to build it", async () => {
    await using skill = await makeSkill(name, { built: false });
    const { exitCode, stderr } = await launch(skill, skill.launcher);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^\[ERROR\] .*npm ci.*$/);
    expect(stderr).toContain(join(skill.path, "a skill"));
  });

  test("without the part that both launchers share, it says what is missing", async () => {
    await using skill = await makeSkill(name);
    await rm(join(skill.launcher, "..", "launch.sh"));
    const { exitCode, stderr } = await launch(skill, skill.launcher);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^\[ERROR\] .*launch\.sh is missing.*$/);
  });
});

interface Skill extends TempFolder {
  readonly launcher: string;
  readonly program: string;
}

/** A copy of a launcher beside a program that prints what it was given, and a PATH that holds only this `node`. */
async function makeSkill(
  name: string,
  { node = `exec '${NODE}' "$@"` as string | null, built = true } = {},
): Promise<Skill> {
  const folder = await tempFolder();
  const scripts = join(folder.path, "a skill", "scripts");
  const skill = { ...folder, launcher: join(scripts, `${name}.sh`), program: join(scripts, name) };
  await writeProgram(skill.launcher, await readFile(join(ROOT, "scripts", `${name}.sh`), "utf8"));
  await writeFile(join(scripts, "launch.sh"), await launchOfThisSkillOnly());
  await writeFile(join(scripts, "package.json"), '{"type":"commonjs"}');
  const echo =
    'console.log(JSON.stringify({args: process.argv.slice(2), stdin: require("fs").readFileSync(0, "utf8")}));';
  if (built) await writeFile(skill.program, echo);
  await writeProgram(join(folder.path, "path", "readlink"), 'exec /usr/bin/readlink "$@"');
  if (node !== null) await writeProgram(join(folder.path, "path", "node"), node);
  return skill;
}

/** This machine's own Node lies in one of the usual places: in the copy, they are not looked at. */
async function launchOfThisSkillOnly(): Promise<string> {
  const text = await readFile(join(ROOT, "scripts", "launch.sh"), "utf8");
  const usual = /^ +\/opt\/homebrew.*\n/m;
  expect(text).toMatch(usual);
  return text.replace(usual, "");
}

function fakeNode(version: string): string {
  return `[ "$1" = --version ] && echo ${version} || exec '${NODE}' "$@"`;
}

async function writeProgram(path: string, text: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text.startsWith("#!") ? text : `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
}

async function launch(
  skill: Skill,
  command: string,
  { args = [] as readonly string[], input = "", cwd = skill.path } = {},
) {
  const env = { HOME: skill.path, PATH: join(skill.path, "path") };
  return execa(command, args, { cwd, env, extendEnv: false, input, stripFinalNewline: true, reject: false });
}
