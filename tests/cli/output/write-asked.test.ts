import { execFileSync } from "node:child_process";
import { mkdir, readFile, realpath, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeAsked } from "../../../src/cli/output/write-asked.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test.each([
  { name: "a link", put: (asked: string, victim: string) => symlink(victim, asked) },
  { name: "a link that leads nowhere", put: (asked: string, victim: string) => symlink(`${victim}.none`, asked) },
  { name: "a folder", put: (asked: string) => mkdir(asked) },
  { name: "a pipe", put: async (asked: string) => void execFileSync("mkfifo", [asked]) },
  {
    name: "a folder of it that is a link now",
    put: async (asked: string, victim: string) => {
      const folder = join(asked, "..");
      await rename(folder, `${folder}-moved`);
      await symlink(join(victim, ".."), folder);
    },
  },
])("a report goes through nothing that stands in its place: $name", async ({ put }) => {
  await using temp = await tempFolder();
  const root = await realpath(temp.path);
  const [asked, own, victim] = [join(root, "out", "keys"), join(root, "own.md"), join(root, "home", "keys")];
  for (const name of ["out", "home"]) await mkdir(join(root, name));
  await writeFile(victim, "mine");
  await put(asked, victim);
  const said: string[] = [];
  expect(await writeAsked({ asked, own, text: "words" }, (line) => said.push(line))).toBe(own);
  expect([await readFile(own, "utf8"), await readFile(victim, "utf8")]).toEqual(["words", "mine"]);
  expect(said).toEqual([expect.stringContaining(`[WARNING] It is in ${own} instead: `)]);
});

test("where nothing is in the way it is where it was asked for, and no word is said", async () => {
  await using temp = await tempFolder();
  const asked = join(await realpath(temp.path), "out", "report.md");
  const said: string[] = [];
  expect(await writeAsked({ asked, own: `${asked}.own`, text: "words" }, (line) => said.push(line))).toBe(asked);
  expect([await readFile(asked, "utf8"), said]).toEqual(["words", []]);
});
