import { chmod, mkdir, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePrivateFolder, writeWhole } from "../../src/files/write-whole.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test("a new file is whole, is the owner's alone, and has no temporary neighbour", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const path = join(folder, "report.md");
  await writeWhole(path, "größe\n");
  expect(await readFile(path, "utf8")).toBe("größe\n");
  expect(await modeOf(path)).toBe(0o600);
  expect(await readdir(folder)).toEqual(["report.md"]);
});

test("a file that others could read is the owner's alone afterwards", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "report.md");
  await writeFile(path, "old");
  await chmod(path, 0o644);
  await writeWhole(path, "new");
  expect(await modeOf(path)).toBe(0o600);
});

test("the mode can be another one", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "answer.txt");
  await writeWhole(path, "yes", 0o644);
  expect(await modeOf(path)).toBe(0o644);
});

test("whoever has the old file open still reads all of it: it is replaced, not rewritten", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "state.json");
  const [before, after] = ["a".repeat(100_000), "b".repeat(50)];
  await writeWhole(path, before);
  await using reader = await open(path, "r");
  await writeWhole(path, after);
  expect(await reader.readFile("utf8")).toBe(before);
  expect(await readFile(path, "utf8")).toBe(after);
});

test("writers at the same time leave one whole file", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const path = join(folder, "state.json");
  const texts = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(10_000 + index));
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  expect(texts).toContain(await readFile(path, "utf8"));
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test("a write that fails leaves what was there, and nothing beside it", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const path = join(folder, "report.md");
  await mkdir(path);
  await expect(writeWhole(path, "text")).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) });
  expect(await readdir(folder)).toEqual(["report.md"]);
});

test("a private folder is the owner's alone, its new parents too, and may be there already", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  await makePrivateFolder(join(folder, "runs", "run-1"));
  await makePrivateFolder(join(folder, "runs", "run-1"));
  expect(await modeOf(join(folder, "runs"))).toBe(0o700);
  expect(await modeOf(join(folder, "runs", "run-1"))).toBe(0o700);
});

test("a private folder may be made by several at once", async () => {
  await using temp = await tempFolder();
  const folder = join(temp.path, "a", "b", "c");
  await Promise.all(Array.from({ length: 10 }, () => makePrivateFolder(folder)));
  expect(await modeOf(folder)).toBe(0o700);
});

test("a private folder below a file cannot be made, and says so", async () => {
  await using temp = await tempFolder();
  await writeFile(join(temp.path, "file"), "");
  await expect(makePrivateFolder(join(temp.path, "file", "runs"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

// `mkdir` with `recursive` never returns here on Node 20.
test.runIf(process.platform === "linux")("a private folder below /proc cannot be made, and says so", async () => {
  await expect(makePrivateFolder("/proc/none/runs")).rejects.toMatchObject({
    code: expect.stringMatching(/^E[A-Z]+$/),
  });
});
