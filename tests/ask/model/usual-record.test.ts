import fc from "fast-check";
import { expect, test } from "vitest";
import { type ThreadRecord, threadRecord } from "../../../src/ask/model/thread-record.ts";
import { usualRecord } from "../../../src/ask/model/usual-record.ts";

const RECORD: ThreadRecord = {
  schema_version: 1,
  thread_id: "0199a213-81c0-7800-8aa1-bbab2a035a53",
  name: "parser",
  workspace: "/work",
  settings: {
    cwd: "/work",
    sandbox: { mode: "workspace-write", network: false, writableRoots: ["/other"] },
    approvals: "never",
    model: "gpt-5.2-codex",
    effort: null,
  },
  last_effort: null,
  open_questions: ["Which one?"],
  title: "Fix it",
  last_status: "completed",
  last_run_id: "20260101-000000-1-0123456789abcdef",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:01.000Z",
};

test("a record is taken as the schema takes it", () => {
  expect(threadRecord.parse(RECORD)).toEqual(RECORD);
  expect(usualRecord(RECORD)).toEqual(RECORD);
});

test("whatever a field holds, what the schema refuses is refused here, and nothing else", () => {
  const paths = fc.oneof(
    fc.constantFrom(...Object.keys(RECORD)).map((name) => [name]),
    fc.constantFrom(...Object.keys(RECORD.settings)).map((name) => ["settings", name]),
    fc.constantFrom(...Object.keys(RECORD.settings.sandbox)).map((name) => ["settings", "sandbox", name]),
  );
  const values = fc.oneof(
    ...[fc.string(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined, "never", "read-only", 1)],
    ...[fc.array(fc.oneof(fc.string(), fc.integer())), fc.object()],
  );
  fc.assert(
    fc.property(paths, values, (path, value) => {
      const changed = withValue(RECORD, path, value);
      expect(usualRecord(changed) !== null).toBe(threadRecord.safeParse(changed).success);
    }),
    { numRuns: 2_000 },
  );
});

test.each([null, 1, "text", [], [RECORD], {}])("%j is not a record", (value) => {
  expect(usualRecord(value)).toBeNull();
});

function withValue(record: object, [name = "", ...path]: readonly string[], value: unknown): object {
  const inner = { ...record }[name as never];
  return { ...record, [name]: path.length === 0 ? value : withValue(inner, path, value) };
}
