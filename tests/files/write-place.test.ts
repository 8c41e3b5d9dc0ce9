import { execFileSync } from "node:child_process";
import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realPlace } from "../../src/files/real-place.ts";
import { appendAt, createAt, openToAppendAt, PlaceRefused, replaceAt } from "../../src/files/write-place.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";

/** A workspace, and a file of the user's outside of it that must stay as it is. */
async function places(temp: TempFolder) {
  const workspace = join(temp.path, "workspace");
  const outside = join(temp.path, "outside");
  await mkdir(join(workspace, "docs"), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, "REPORT.md"), "mine");
  return { workspace, outside, report: join(workspace, "docs", "REPORT.md"), mine: join(outside, "REPORT.md") };
}

type Places = Awaited<ReturnType<typeof places>>;

/** What a sandboxed command can make of the place of a report. */
const EXCHANGES: Readonly<Record<string, (at: Places) => unknown>> = {
  "the file is a link": ({ report, mine }) => symlink(mine, report),
  "the file is a dangling link": ({ report, outside }) => symlink(join(outside, "new"), report),
  "its folder is a link": async ({ workspace, outside }) => {
    await rename(join(workspace, "docs"), join(workspace, "old"));
    await symlink(outside, join(workspace, "docs"));
  },
  "a folder further up is a link": async ({ workspace, outside }) => {
    await rename(workspace, `${workspace}.old`);
    await mkdir(join(outside, "docs"));
    await symlink(outside, workspace);
  },
  "the file is a folder": ({ report }) => mkdir(report),
  "the file is a pipe": ({ report }) => execFileSync("mkfifo", [report]),
};

const WRITES = { replaceAt, appendAt } as const;

test.each(
  Object.entries(EXCHANGES).flatMap(([name, exchange]) =>
    Object.entries(WRITES).map(([write, act]) => ({ name, exchange, write, act })),
  ),
)("$write refuses when $name by now", async ({ exchange, act }) => {
  await using temp = await tempFolder();
  const at = await places(temp);
  const place = realPlace(at.report, at.workspace);
  await exchange(at);
  const before = process.cwd();
  expect(() => act(place, "Codex's words")).toThrow(PlaceRefused);
  expect(process.cwd()).toBe(before);
  expect(await readFile(at.mine, "utf8")).toBe("mine");
  expect((await readdir(at.outside)).filter((name) => name !== "docs")).toEqual(["REPORT.md"]);
});

test("a file that is there already, a dangling link included, is not created", async () => {
  await using temp = await tempFolder();
  const { workspace, outside } = await places(temp);
  await symlink(join(outside, "new"), join(workspace, "link"));
  expect(() => createAt(join(workspace, "link"), "text")).toThrow("EEXIST");
  expect(await readdir(outside)).toEqual(["REPORT.md"]);
});

test("a report replaces a plain file, and its folders are made when they are gone", async () => {
  await using temp = await tempFolder();
  const { workspace, report } = await places(temp);
  await writeFile(report, "old");
  const place = realPlace(report, workspace);
  replaceAt(place, "new");
  expect(await readFile(report, "utf8")).toBe("new");
  await rm(join(workspace, "docs"), { recursive: true });
  replaceAt(place, "again");
  expect(await readdir(join(workspace, "docs"))).toEqual(["REPORT.md"]);
});

test("a file with another name elsewhere is not appended to", async () => {
  await using temp = await tempFolder();
  const { report, mine } = await places(temp);
  await link(mine, report);
  expect(() => openToAppendAt(report)).toThrow("hard link");
});

test("a link in a repository does not lead a file out of it", async () => {
  await using temp = await tempFolder();
  const { workspace, outside } = await places(temp);
  await symlink(outside, join(workspace, "shipped"));
  await symlink("docs", join(workspace, "inside"));
  expect(() => realPlace(join(workspace, "shipped", "new.md"), workspace)).toThrow(outside);
  expect(() => realPlace(join(workspace, "shipped", "deep", "new.md"), workspace)).toThrow(outside);
  expect(() => realPlace(workspace, workspace)).toThrow("is a folder, not a plain file");
  expect(realPlace(join(workspace, "inside", "new.md"), workspace)).toBe(join(workspace, "docs", "new.md"));
  expect(realPlace(join(outside, "new.md"), workspace)).toBe(join(outside, "new.md"));
});
