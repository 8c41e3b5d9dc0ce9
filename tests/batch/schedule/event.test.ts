import { expect, test } from "vitest";
import { parseBatchEvent } from "../../../src/batch/schedule/event.ts";
import { newId } from "../../../src/files/state-paths.ts";

const started = (run_id: string) =>
  JSON.stringify({
    timestamp: "2026-01-01T00:00:00.000Z",
    type: "task_started",
    payload: { id: "a", run_id, slot: 0, base: "b", worktree: null },
  });

test.each(["../../outside", "..", ".", "", "a/b", "/etc", "a\0b"])("a run named %j becomes no path", (name) => {
  expect(parseBatchEvent(started(name))).toBeNull();
});

test("a run's own name is read", () => {
  const name = newId();
  expect(parseBatchEvent(started(name))).toMatchObject({ payload: { run_id: name } });
});
