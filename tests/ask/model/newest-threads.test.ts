import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newestThreads } from "../../../src/ask/model/newest-threads.ts";
import { recordPath, type ThreadRecord, writeThreadRecord } from "../../../src/ask/model/thread-record.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const record = (id: string, workspace: string, minute: number): ThreadRecord => ({
  schema_version: 1,
  thread_id: id,
  name: null,
  workspace,
  settings: {
    cwd: workspace,
    sandbox: { mode: "read-only", network: false, writableRoots: [] },
    approvals: "never",
    model: "m",
    effort: null,
  },
  last_effort: null,
  open_questions: [],
  title: id,
  last_status: "completed",
  last_run_id: "r",
  created_at: timeOf(minute),
  updated_at: timeOf(minute),
});

const timeOf = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;

async function write(state: string, entry: ThreadRecord): Promise<void> {
  await writeThreadRecord(state, entry);
  const at = new Date(entry.updated_at);
  await utimes(recordPath(state, entry.thread_id), at, at);
}

const idsIn = async (state: string, workspace: string, most = 50) => {
  const { records } = await newestThreads(state, { wanted: (place) => place === workspace, most });
  return records.map(({ thread_id }) => thread_id);
};

test("the newest of a workspace are found, the last used first, and how many were not looked at is told", async () => {
  await using state = await tempFolder();
  for (let minute = 0; minute < 6; minute++)
    await write(state.path, record(`t${minute}`, minute % 2 === 0 ? "/even" : "/odd", minute));
  const found = await newestThreads(state.path, { wanted: (place) => place === "/even", most: 2 });
  expect(found.records.map(({ thread_id }) => thread_id)).toEqual(["t4", "t2"]);
  expect(found).toMatchObject({ older: 2, unreadable: [] });
  // Remembered by now.
  expect(await idsIn(state.path, "/even")).toEqual(["t4", "t2", "t0"]);
  expect(await idsIn(state.path, "/odd")).toEqual(["t5", "t3", "t1"]);
});

test("what is remembered of a record does not outlive it: one that is written anew, changed or damaged is read again", async () => {
  await using state = await tempFolder();
  await write(state.path, record("a", "/one", 1));
  await write(state.path, record("b", "/one", 2));
  expect(await idsIn(state.path, "/two")).toEqual([]);
  await write(state.path, record("a", "/two", 3));
  const path = recordPath(state.path, "b");
  await writeFile(path, (await readFile(path, "utf8")).replaceAll("/one", "/two"));
  expect((await idsIn(state.path, "/two")).sort()).toEqual(["a", "b"]);
  await writeFile(join(path), "{");
  expect(await newestThreads(state.path, { wanted: () => false, most: 50 })).toMatchObject({ unreadable: [path] });
});
