import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { FORWARDED } from "../../../src/cli/edge/sibling.ts";
import { broker, setup } from "../../support/documents/programs.ts";
import { BROKER, PROGRAM, SETUP } from "../../support/programs.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const PROGRAMS = [PROGRAM, BROKER, SETUP];

test.each(PROGRAMS)("%s knows its help and version by heart, word for word", async (program) => {
  await using folder = await tempFolder();
  const [mute, forgetful] = [await alone(program, folder.path), await withoutTexts(program, folder.path)];
  for (const word of ["--help", "-h", "help", "--version", "-V", "-v"]) {
    const [told, said] = await Promise.all([execa("node", [mute, word]), execa("node", [forgetful, word])]);
    expect(told.stdout).toBe(said.stdout);
  }
});

test.each([
  { program: BROKER, headings: ["Begin and talk", "Look and wait"], commands: broker },
  { program: SETUP, headings: ["The skill and this machine", "Work for Codex"], commands: { ...setup, ...FORWARDED } },
])(
  "$program lists each command once, below a heading, with three examples",
  async ({ program, headings, commands }) => {
    const { stdout } = await execa("node", [program, "--help"]);
    for (const heading of headings) expect(stdout).toContain(`\n${heading}:\n`);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(Object.keys(commands).sort());
    expect(stdout.match(/^ {2}# /gm)).toHaveLength(3);
  },
);

test("an argument more is answered by the program itself", async () => {
  await using folder = await tempFolder();
  const path = await alone(BROKER, folder.path);
  const { exitCode, stderr } = await execa("node", [path, "--version", "--json"], { reject: false });
  expect(exitCode).toBe(3);
  expect(stderr).toContain(`${join(folder.path, "parts")} is damaged`);
});

test("a program that is replaced while it starts is started as what it has become", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "program");
  // The program of one build, beside the parts of another.
  const ours = await readFile(BROKER, "latin1");
  await writeFile(`${path}.next`, ours);
  const before = ours.replace(/"[0-9a-f]{64}"/, `"${"0".repeat(64)}"`);
  const replacing = `require("fs").renameSync(__filename + ".next", __filename);\nconst { fstatSync, openSync, readSync }`;
  await writeFile(path, before.replace("const { fstatSync, openSync, readSync }", replacing));
  await copyBeside(folder.path, "package.json", "parts");
  const { stdout } = await execa("node", [path, "--version", "--version"]);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  expect(await readFile(path, "latin1")).toBe(ours);
});

/** The program without all that is loaded later. */
async function alone(program: string, folder: string): Promise<string> {
  const path = join(folder, basename(program));
  await copyFile(program, path);
  await copyBeside(folder, "package.json");
  return path;
}

/** The program as it was before it had learned any text, where it finds all the rest. */
async function withoutTexts(program: string, folder: string): Promise<string> {
  const path = join(folder, "forgetful", basename(program));
  await mkdir(dirname(path));
  const text = await readFile(program, "latin1");
  await writeFile(path, text.replace(/^const words = .*$/m, "const words = {};"));
  await copyBeside(dirname(path), "package.json", "parts");
  return path;
}

async function copyBeside(folder: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) await copyFile(join(dirname(BROKER), name), join(folder, name));
}
