import { expect, test } from "vitest";
import type { AskOutcome } from "../../../src/ask/model/outcome.ts";
import { keyValues } from "../../../src/cli/output/key-values.ts";
import { AskCodexError } from "../../../src/errors.ts";
import { outcome } from "../../support/samples/outcome.ts";

const linesOf = (parts: Partial<AskOutcome>) => keyValues(outcome(parts)).split("\n");

test("the original's three lines come first, then ours, each on a line that ends", () => {
  expect(linesOf({})).toEqual([
    "session_id=0199-thread",
    "output_path=/state/runs/1/report.md",
    "status=completed",
    "run_id=20260102-030405-678-0123456789abcdef",
    "changes=no_git",
    "elapsed=1.2s",
    "",
  ]);
});

test("a session that never was is left out", () => {
  expect(linesOf({ sessionId: null })[0]).toBe("output_path=/state/runs/1/report.md");
});

test("what there is to say is said, in one order", () => {
  const check = { type: "expect_file" as const, subject: "/a", exitCode: null, durationMs: null, detail: "" };
  const error = new AskCodexError("usage_limit", "no\nmore", { resetsAt: 1_700_000_000 });
  const question = { id: "q", header: "", question: "Which?", options: [] };
  const listed = {
    type: "listed",
    root: "/w",
    alsoRunning: [],
    trees: { before: "", after: "" },
    headMoved: null,
    refsMoved: [],
    deletedTests: [],
  } as const;
  const told = linesOf({
    status: "fatal",
    error,
    signal: "SIGTERM",
    questions: [question, question],
    checks: [
      { ...check, passed: true },
      { ...check, passed: false },
    ],
    changes: { ...listed, files: [], dirtyBefore: [] },
    survivors: [12, 34],
  });
  expect(told.slice(2, -2)).toEqual([
    "status=fatal",
    "run_id=20260102-030405-678-0123456789abcdef",
    "error_kind=usage_limit",
    "resets_at=2023-11-14T22:13:20Z",
    "signal=SIGTERM",
    "questions=2",
    "checks=1/2",
    "changes=listed",
    "files_changed=0",
    "survivors=12,34",
  ]);
});

test("no value breaks out of its line", () => {
  const [, path, status] = linesOf({ outputPath: "/a\nstatus=forged\r\u2028x\u001b[0m" });
  expect(path).toBe("output_path=/a\\nstatus=forged\\u000d\\u2028x\\u001b[0m");
  expect(status).toBe("status=completed");
});
