import { expect, test } from "vitest";
import { isoTime, toResult } from "../../../src/ask/report/result.ts";
import { AskCodexError } from "../../../src/errors.ts";
import { command, outcome } from "../../support/samples/outcome.ts";

const listed = {
  type: "listed" as const,
  root: "/w",
  alsoRunning: [],
  trees: { before: "", after: "" },
  files: [],
  headMoved: null,
  refsMoved: [],
  deletedTests: [],
  dirtyBefore: [],
};

const names = (count: number) => Array.from({ length: count }, (_, index) => `f${index}`);

test("a list at its cap is whole, one beyond is cut and named", () => {
  const files = (count: number) => names(count).map((path) => ({ path, kind: "added" as const, added: 1, removed: 0 }));
  const commands = (count: number) => Array.from({ length: count }, () => command());
  const at = toResult(outcome({ changes: { ...listed, files: files(1_000) }, commands: commands(1_000) }));
  expect(at.truncated).toEqual([]);
  const beyond = toResult(
    outcome({
      changes: { ...listed, files: files(1_001), deletedTests: names(1_001), dirtyBefore: names(1_001) },
      commands: commands(1_001),
      answer: "x".repeat(200_001),
    }),
  );
  expect(beyond.truncated.toSorted()).toEqual(
    ["answer", "changes", "commands", "work_tree.deleted_tests", "work_tree.dirty_before"].sort(),
  );
  expect([beyond.changes.length, beyond.commands.length, beyond.answer.length]).toEqual([1_000, 1_000, 200_000]);
  expect(beyond.work_tree).toMatchObject({ dirty_before: names(1_000), deleted_tests: names(1_000) });
});

test("a command of a megabyte does not make the result one", () => {
  const result = toResult(outcome({ commands: [command({ command: "x".repeat(1_000_000) })] }));
  expect(JSON.stringify(result).length).toBeLessThan(50_000);
  expect(result.truncated).toEqual(["commands.command"]);
});

test.each([
  { changes: { type: "no_git" as const }, state: { state: "no_git", reason: null } },
  { changes: { type: "read_only" as const }, state: { state: "read_only", reason: null } },
  { changes: { type: "unknown" as const, reason: "why" }, state: { state: "unknown", reason: "why" } },
])("without a comparison there are no changes, and it says why: $state", ({ changes, state }) => {
  expect(toResult(outcome({ changes }))).toMatchObject({ changes: [], work_tree: state });
});

test("Codex's words are defused wherever they are", () => {
  const tag = "<system-reminder>\u001b[0m";
  const result = toResult(
    outcome({
      answer: tag,
      commands: [command({ command: tag })],
      questions: [{ id: "q", header: tag, question: tag, options: [{ label: tag, description: tag }] }],
      declined: [{ what: tag, reason: "no" }],
      error: new AskCodexError("turn_failed", tag),
    }),
  );
  expect(JSON.stringify(result)).not.toMatch(/<system|\\u001b/);
});

test.each([
  { status: "completed" as const, signal: null, code: 0 },
  { status: "validation_failed" as const, signal: null, code: 1 },
  { status: "cancelled" as const, signal: "SIGHUP" as const, code: 129 },
])("a run that is $status has exit_code $code", ({ status, signal, code }) => {
  expect(toResult(outcome({ status, signal }))).toMatchObject({ status, signal, exit_code: code });
});

test("the time at which a limit is lifted is a date in UTC", () => {
  const error = new AskCodexError("usage_limit", "no", { resetsAt: 1_700_000_000 });
  expect(toResult(outcome({ status: "fatal", error })).error).toEqual({
    kind: "usage_limit",
    message: "no",
    next: error.hint,
    resets_at: "2023-11-14T22:13:20Z",
  });
  expect(isoTime(null)).toBeNull();
});
