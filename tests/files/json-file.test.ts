import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { readJson } from "../../src/files/json-file.ts";
import { tempFolder } from "../support/temp-folder.ts";

const schema = z.object({ name: z.string(), count: z.number() });

test("a file that fits its schema is valid", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "state.json");
  await writeFile(path, '{"name":"ä","count":2}\n');
  expect(await readJson(path, schema)).toEqual({ type: "valid", value: { name: "ä", count: 2 } });
});

test.each([
  { name: "no such file", path: "none.json" },
  { name: "no such folder", path: "none/state.json" },
  { name: "a file where a folder should be", path: "file/state.json" },
])("$name is absent", async ({ path }) => {
  await using temp = await tempFolder();
  const folder = temp.path;
  await writeFile(join(folder, "file"), "");
  expect(await readJson(join(folder, path), schema)).toEqual({ type: "absent" });
});

test.each([
  { name: "an empty file", text: "" },
  { name: "a torn one", text: '{"name":"x","cou' },
  { name: "one that does not fit", text: '{"name":"x","count":"two"}' },
  { name: "null", text: "null" },
])("$name is corrupt, and stays as it is", async ({ text }) => {
  await using temp = await tempFolder();
  const path = join(temp.path, "state.json");
  await writeFile(path, text);
  expect(await readJson(path, schema)).toEqual({ type: "corrupt", reason: expect.stringMatching(/\S/) });
  expect(await readFile(path, "utf8")).toBe(text);
});

test("what is not a plain file counts as corrupt, and is kept", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "state.json");
  await mkdir(path);
  expect(await readJson(path, schema)).toMatchObject({
    type: "corrupt",
    reason: `${path} is a folder, not a plain file`,
  });
});

test("what is neither absence nor content throws", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "state.json");
  await expect(readJson(`${path}${"x".repeat(300)}`, schema)).rejects.toMatchObject({ code: "ENAMETOOLONG" });
});

test.skipIf(process.getuid?.() === 0)("a file that may not be read throws, and is not taken for absent", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "state.json");
  await writeFile(path, "{}");
  await chmod(path, 0);
  await expect(readJson(path, schema)).rejects.toMatchObject({ code: "EACCES" });
});
