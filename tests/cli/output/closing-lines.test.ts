import { expect, test } from "vitest";
import type { AskOutcome } from "../../../src/ask/model/outcome.ts";
import { closingLines } from "../../../src/cli/output/closing-lines.ts";
import { AskCodexError } from "../../../src/errors.ts";
import { outcome } from "../../support/samples/outcome.ts";

const ROOM = 4_000;
const lines = (parts: Partial<AskOutcome>, room = ROOM) => closingLines(outcome(parts), room);
const question = { id: "q", header: "", question: "Which one?", options: [] };

test("a run in which all went well ends without a word", () => {
  expect(lines({})).toEqual([]);
});

test.each<{ parts: Partial<AskOutcome>; first: RegExp }>([
  { parts: { status: "fatal", error: new AskCodexError("auth", "no") }, first: /^\[FATAL\] .*auth: no$/ },
  { parts: { status: "failed", error: new AskCodexError("protocol", "odd") }, first: /^\[ERROR\] protocol: odd$/ },
  {
    parts: { status: "timeout", error: new AskCodexError("idle_timeout", "late") },
    first: /^\[TIMEOUT\] .*late — terminating\.$/,
  },
])("a run that is $parts.status says why, and what to do", ({ parts, first }) => {
  const [why, next] = lines(parts);
  expect(why).toMatch(first);
  expect(next).toBe(`[codex] ${parts.error?.hint}`);
});

test("a pending question is told with its options, and how to answer it", () => {
  const options = [
    { label: "Red", description: "" },
    { label: "Blue", description: "" },
  ];
  const told = lines({ status: "pending_question", questions: [{ ...question, options }] });
  expect(told.join("\n")).toContain("--session 0199-thread");
  expect(told.join("\n")).toContain("Which one? [Red | Blue]");
});

test("a git that is missing is told; another reason why changes are unknown is in the report", () => {
  const unknown = { type: "unknown", reason: "there is no git program on PATH" } as const;
  expect(lines({ changes: { ...unknown, gitMissing: true } })).toEqual([
    "[WARNING] git was not found on PATH: changes are not known.",
  ]);
  expect(lines({ changes: unknown })).toEqual([]);
});

test("what could not be ended is named", () => {
  expect(lines({ survivors: [12, 34] })).toEqual([expect.stringContaining("12, 34")]);
});

test.each([ROOM, 1_000, 300])("however much there is to say, it fits into %i bytes, the cause first", (room) => {
  const options = Array.from({ length: 20 }, () => ({ label: "選択肢".repeat(50), description: "" }));
  const told = lines(
    {
      status: "pending_question",
      error: new AskCodexError("turn_failed", "原因".repeat(1_000)),
      questions: Array.from({ length: 20 }, () => ({ ...question, question: "質問".repeat(1_000), options })),
    },
    room,
  );
  expect(Buffer.byteLength(told.map((line) => `${line}\n`).join(""))).toBeLessThanOrEqual(room);
  expect(told[0]).toMatch(/^\[ERROR\] turn_failed: 原因/);
  for (const line of told) expect(line).not.toMatch(/[\n\ufffd]/);
});

test("without any room the cause is told all the same", () => {
  expect(lines({ status: "failed", error: new AskCodexError("protocol", "odd") }, -500)[0]).toBe(
    "[ERROR] protocol: odd",
  );
});
