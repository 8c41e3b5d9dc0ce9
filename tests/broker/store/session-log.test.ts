import { appendFile, readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openSessionLog, readSession, readSessionEvents } from "../../../src/broker/store/session-log.ts";
import { sessionPaths } from "../../../src/broker/store/session-paths.ts";
import { event, OPTIONS } from "../../support/samples/session.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const first = JSON.stringify(event("session_started", { broker_id: "id", options: OPTIONS }));
const worker = JSON.stringify(event("worker_started", { pid: 7 }));

test("damaged lines are passed over, and what was cut off spoils nothing that comes after it", async () => {
  await using folder = await tempFolder();
  const paths = sessionPaths(folder.path);
  await writeFile(paths.events, `${first}\nnonsense\n\n${worker}\n{"timestamp":"20`);
  expect(readSessionEvents(paths.events).map(({ type }) => type)).toEqual(["session_started", "worker_started"]);
  const log = openSessionLog(paths);
  expect(log.state).toMatchObject({ brokerId: "id", workerPid: 7 });
  log.record("worker_stopped", { reason: "linger" });
  log.close();
  expect(await readFile(paths.events, "utf8")).toContain('{"timestamp":"20\n');
  expect(readSession(paths.events)).toMatchObject({ workerPid: null });
});

test.each([
  { name: "is empty", text: "" },
  { name: "lost its first line", text: `${worker}\n` },
  { name: "has its first line cut off", text: first.slice(0, -9) },
])("a journal that $name is named, and kept", async ({ text }) => {
  await using folder = await tempFolder();
  const paths = sessionPaths(folder.path);
  await writeFile(paths.events, text);
  expect(() => openSessionLog(paths)).toThrow(paths.events);
  expect(await readFile(paths.events, "utf8")).toBe(text);
});

test("what is recorded is on the disk and in the state at once; state.json follows, the last one last", async () => {
  await using folder = await tempFolder();
  const paths = sessionPaths(folder.path);
  await writeFile(paths.events, `${first}\n`);
  const log = openSessionLog(paths);
  const heard: (number | null)[] = [];
  log.onPublish(({ worker_pid }) => heard.push(worker_pid));
  log.record("worker_started", { pid: 7 });
  expect(log.state.workerPid).toBe(7);
  expect(readSession(paths.events).workerPid).toBe(7);
  const published = [log.publish()];
  await published[0];
  log.record("worker_stopped", { reason: "linger" });
  published.push(log.publish(), log.publish());
  await Promise.all(published);
  expect(heard).toEqual([7, null, null]);
  expect(JSON.parse(await readFile(paths.state, "utf8"))).toMatchObject({ broker_id: "id", worker_pid: null });
  log.close();
});

test("the progress that is shown is the last ten lines of this run", async () => {
  await using folder = await tempFolder();
  const paths = sessionPaths(folder.path);
  await writeFile(paths.events, `${first}\n`);
  await appendFile(paths.activity, "");
  const log = openSessionLog(paths);
  for (let line = 0; line < 12; line++) log.progress(`line ${line}`);
  const shown = async () => (await log.snapshot()).latest_progress.split("\n");
  expect(await shown()).toEqual(Array.from({ length: 10 }, (_, line) => `line ${line + 2}`));
  log.record("run_started", { run_id: "run", message: "Begin", message_id: "m" });
  expect(await shown()).toEqual([""]);
  expect((await readFile(paths.activity, "utf8")).split("\n")).toHaveLength(13);
  log.close();
});
