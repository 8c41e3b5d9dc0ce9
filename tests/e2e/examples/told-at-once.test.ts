import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { BROKER, PROGRAM, SETUP } from "../../support/programs.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const PROGRAMS = [PROGRAM, BROKER, SETUP];

test.each(PROGRAMS)("%s knows its help and version by heart, word for word", async (program) => {
  await using folder = await tempFolder();
  const [mute, forgetful] = [withoutStore(program, folder.path), withoutTexts(program, folder.path)];
  for (const word of ["--help", "-h", "help", "--version", "-V", "-v"]) {
    const [told, said] = await Promise.all([execa("node", [mute, word]), execa("node", [forgetful, word])]);
    expect(told.stdout).toBe(said.stdout);
  }
});

test("an argument more is answered by the program itself", async () => {
  await using folder = await tempFolder();
  const path = withoutStore(BROKER, folder.path);
  const { exitCode, stderr } = await execa("node", [path, "--version", "--json"], { reject: false });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(`${basename(BROKER)} is damaged`);
});

test("a program that is replaced while it starts is started as what it has become", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "program");
  // The beginning of one build: it finds the end of another where it looks for its own.
  const ours = readFileSync(BROKER, "latin1");
  writeFileSync(`${path}.next`, ours);
  const before = ours.replace(/"[0-9a-f]{64}"/, `"${"0".repeat(64)}"`);
  const replacing = `require("fs").renameSync(__filename + ".next", __filename);\nconst { readFileSync }`;
  writeFileSync(path, before.replace("const { readFileSync }", replacing));
  copyFileSync(join(BROKER, "..", "package.json"), join(folder.path, "package.json"));
  const { stdout } = await execa("node", [path, "--version", "--version"]);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  expect(readFileSync(path, "latin1")).toBe(ours);
});

/** The program without all that is loaded later. */
function withoutStore(program: string, folder: string): string {
  return changed(program, join(folder, basename(program)), [/\n\/\*[0-9a-f]{64}.*$/s, "\n"]);
}

/** The program as it was before it had learned any text. */
function withoutTexts(program: string, folder: string): string {
  return changed(program, join(folder, `${basename(program)}-forgetful`), [/^const words = .*$/m, "const words = {};"]);
}

function changed(program: string, path: string, [from, to]: readonly [RegExp, string]): string {
  writeFileSync(path, readFileSync(program, "latin1").replace(from, to));
  copyFileSync(join(program, "..", "package.json"), join(path, "..", "package.json"));
  return path;
}
