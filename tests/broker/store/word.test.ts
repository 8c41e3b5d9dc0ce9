import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sessionPaths } from "../../../src/broker/store/session-paths.ts";
import { leaveWord, takeWord, withdrawWord } from "../../../src/broker/store/word.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const ID = "0123456789abcdef0123456789abcdef";

test("a word is taken once, by its id", async () => {
  await using temp = await tempFolder();
  const paths = sessionPaths(temp.path);
  const id = await leaveWord(paths, { type: "stop" });
  expect(await takeWord(paths, id)).toEqual({ type: "stop" });
  expect(await takeWord(paths, id)).toBeNull();
  expect(await readdir(paths.words)).toEqual([]);
});

test("a word that is withdrawn is not obeyed", async () => {
  await using temp = await tempFolder();
  const paths = sessionPaths(temp.path);
  const id = await leaveWord(paths, { type: "resume", granted: ["m"] });
  await withdrawWord(paths, id);
  expect(await takeWord(paths, id)).toBeNull();
});

test.each([
  { name: "of a command that was killed long ago", created_at: "2026-01-01T00:00:00Z" },
  { name: "from the future", created_at: "2999-01-01T00:00:00Z" },
  { name: "of no time", created_at: "yesterday" },
])("a word $name is not obeyed", async ({ created_at }) => {
  await using temp = await tempFolder();
  const paths = sessionPaths(temp.path);
  await mkdir(paths.words);
  await writeFile(join(paths.words, `${ID}.json`), JSON.stringify({ created_at, word: { type: "stop" } }));
  expect(await takeWord(paths, ID)).toBeNull();
});

test.each(["../queue/1", "..", "", ID.toUpperCase(), `${ID}/../${ID}`])("%j names no word", async (id) => {
  await using temp = await tempFolder();
  const paths = sessionPaths(temp.path);
  await leaveWord(paths, { type: "stop" });
  expect(await takeWord(paths, id)).toBeNull();
});

test("a link to a file elsewhere is not a word", async () => {
  await using temp = await tempFolder();
  const paths = sessionPaths(temp.path);
  await mkdir(paths.words);
  const word = { created_at: new Date().toISOString(), word: { type: "stop" } };
  await writeFile(join(temp.path, "elsewhere.json"), JSON.stringify(word));
  await symlink("../elsewhere.json", join(paths.words, `${ID}.json`));
  expect(await takeWord(paths, ID)).toBeNull();
});
