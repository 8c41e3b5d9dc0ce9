import { expect, test } from "vitest";
import { failureStatus, judgeTurn, lastWords, settingsMismatch } from "../../../src/ask/turn/judge-turn.ts";
import { RpcError } from "../../../src/codex/connection.ts";
import { advance, type Message, newTurn, type Turn } from "../../../src/codex/fold-turn.ts";
import type { TurnEnd } from "../../../src/codex/turn/outcome.ts";
import { AskCodexError } from "../../../src/errors.ts";

function judge(end: TurnEnd, turn: Partial<Turn> = {}) {
  return judgeTurn({ end, turn: { ...newTurn, ...turn }, declined: [], agents: [] });
}

function kindOf(end: TurnEnd, turn: Partial<Turn> = {}): string {
  const verdict = judge(end, turn);
  return verdict.type === "failed" ? verdict.error.kind : verdict.type;
}

const said = (...texts: readonly string[]) => texts.map((text) => ({ text, phase: null }));

/** What a turn holds in which Codex has said this. */
function spoke(...all: readonly Message[]): Pick<Turn, "messages" | "answer"> {
  const told = all.map((message) => ({ type: "agentMessage" as const, id: "m", ...message }));
  const events = told.map((item) => ({ type: "item_completed" as const, turnId: "u", item }));
  const { messages, answer } = events.reduce(advance, { ...newTurn, id: "u" });
  return { messages, answer };
}

const ENDED: TurnEnd = { type: "ended" };
const problem = (message: string, codexErrorInfo: NonNullable<Turn["problem"]>["error"]["codexErrorInfo"] = null) => ({
  error: { message, codexErrorInfo },
  willRetry: false,
});

test("a completed turn with a message is answered, by its last message", () => {
  const verdict = judge(ENDED, { state: "completed", ...spoke(...said("first", "last", "  ")) });
  expect(verdict).toEqual({ type: "answered", answer: "last" });
});

const [note, part, final] = (["commentary", "partial_answer", "final_answer"] as const).map(
  (phase) => (text: string) => ({ text, phase }),
) as [NamedMessage, NamedMessage, NamedMessage];
type NamedMessage = (text: string) => Message;

test.each<{ name: string; messages: readonly Message[]; answer: string }>([
  { name: "the final one, not a note after it", messages: [final("42"), note("Cleaning up.")], answer: "42" },
  { name: "the last of two final ones", messages: [final("41"), final("42")], answer: "42" },
  { name: "the last final one with words", messages: [final("42"), final(" ")], answer: "42" },
  { name: "the final one, not one without a phase", messages: [final("42"), ...said("Bye.")], answer: "42" },
  { name: "one without a phase, not a note", messages: [...said("42"), note("Bye.")], answer: "42" },
  {
    name: "the final one, however many notes follow it",
    messages: [final("42"), final(" "), ...Array.from({ length: 300 }, () => note("Tidying up."))],
    answer: "42",
  },
])("the answer is $name", ({ messages, answer }) => {
  expect(judge(ENDED, { state: "completed", ...spoke(...messages) })).toEqual({ type: "answered", answer });
});

test.each([
  { name: "notes", messages: [note("Let me look.")], words: "Let me look." },
  { name: "a note before an empty final message", messages: [note("Let me look."), final("")], words: "Let me look." },
  { name: "a part of an answer", messages: [part("First,")], words: "First," },
])("$name alone are not an answer, but Codex's last words", ({ messages, words }) => {
  expect(kindOf(ENDED, { state: "completed", ...spoke(...messages) })).toBe("empty_answer");
  expect(lastWords({ ...newTurn, state: "completed", ...spoke(...messages) })).toBe(words);
});

test.each<{ name: string; turn: Partial<Turn>; kind: string }>([
  { name: "without a message", turn: { state: "completed" }, kind: "empty_answer" },
  { name: "with nothing but blanks", turn: { state: "completed", ...spoke(...said(" \n")) }, kind: "empty_answer" },
  {
    name: "with a draft that never became a message",
    turn: { state: "completed", draft: { itemId: "1", text: "half" } },
    kind: "empty_answer",
  },
  { name: "that failed without a reason", turn: { state: "failed", ...spoke(...said("said")) }, kind: "turn_failed" },
  {
    name: "that failed for a reason",
    turn: { state: "failed", problem: problem("no", "usageLimitExceeded") },
    kind: "usage_limit",
  },
  {
    name: "that somebody else interrupted",
    turn: { state: "interrupted", ...spoke(...said("x")) },
    kind: "turn_failed",
  },
  { name: "that still runs", turn: { state: "running", ...spoke(...said("x")) }, kind: "turn_failed" },
])("a turn $name is not a success: $kind", ({ turn, kind }) => {
  expect(kindOf(ENDED, turn)).toBe(kind);
});

const event = (kind: "idle" | "total") => ({ kind, afterMs: 2_000 });

test.each<{ name: string; end: TurnEnd; kind: string }>([
  {
    name: "silence",
    end: { type: "timeout", expiry: { first: event("total"), last: event("idle") } },
    kind: "idle_timeout",
  },
  {
    name: "no end",
    end: { type: "timeout", expiry: { first: event("idle"), last: event("total") } },
    kind: "total_timeout",
  },
  { name: "no network", end: { type: "network" }, kind: "network" },
  { name: "a refused login", end: { type: "auth" }, kind: "auth" },
  { name: "a wider sandbox", end: { type: "settings", mismatches: ["sandbox: a, not b"] }, kind: "sandbox" },
  { name: "another model", end: { type: "settings", mismatches: ["model: a, not b"] }, kind: "protocol" },
  {
    name: "a thread in use",
    end: { type: "refused", error: new RpcError("turn/start", { message: "thread already has an active writer" }) },
    kind: "session_busy",
  },
  {
    name: "a refusal of another kind",
    end: { type: "refused", error: new RpcError("turn/start", { message: "no" }) },
    kind: "protocol",
  },
  {
    name: "an input that is too large",
    end: {
      type: "refused",
      error: new RpcError("turn/start", {
        data: { input_error_code: "input_too_large", actual_chars: 9, max_chars: 8 },
      }),
    },
    kind: "input_too_large",
  },
  {
    name: "an answer that is not understood",
    end: { type: "refused", error: new AskCodexError("protocol", "odd") },
    kind: "protocol",
  },
  { name: "a fault of our own", end: { type: "refused", error: new TypeError("oops") }, kind: "internal" },
  { name: "a cancel", end: { type: "cancelled", reason: "SIGINT" }, kind: "cancelled" },
])("a turn that ended by $name is $kind, whatever was said before", ({ end, kind }) => {
  expect(kindOf(end, { state: "running", ...spoke(...said("said")) })).toBe(kind);
});

test("a question comes with its options, none for none", () => {
  const questions = [{ id: "a", header: "", question: "Which?", options: null }];
  expect(judge({ type: "question", questions })).toEqual({
    type: "asked",
    questions: [{ ...questions[0], options: [] }],
  });
});

test("both numbers of an input that is too large are told", () => {
  const data = { input_error_code: "input_too_large", actual_chars: 2_400_000, max_chars: 1_048_576 };
  const verdict = judge({ type: "refused", error: new RpcError("turn/start", { data }) });
  expect(JSON.stringify(verdict.type === "failed" && verdict.error.message)).toMatch(/2400000.*1048576/);
});

test("the provider's own sentence is dug out of the JSON that Codex hands on", () => {
  const wrapped = '{"error":{"message":"The model \\"x\\" is gone","code":"no"}}';
  const verdict = judge(ENDED, { state: "failed", problem: problem(wrapped) });
  expect(verdict).toMatchObject({ type: "failed", error: { message: 'The model "x" is gone' } });
});

test("a JSON that only looks like one is told as it is", () => {
  const verdict = judge(ENDED, { state: "failed", problem: problem('{"message":"bad \\escape"}') });
  expect(verdict).toMatchObject({ type: "failed", error: { message: '{"message":"bad \\escape"}' } });
});

test("when a limit is lifted is told for a usage limit only", () => {
  const limited = { state: "failed", resetsAt: 1_700_000_000 } as const;
  const verdict = judge(ENDED, { ...limited, problem: problem("no", "usageLimitExceeded") });
  expect(verdict).toMatchObject({ error: { resetsAt: 1_700_000_000 } });
  expect(judge(ENDED, { ...limited, problem: problem("no") })).toMatchObject({ error: { resetsAt: null } });
});

test.each<{ name: string; turn: Partial<Turn>; words: string }>([
  { name: "the message of a completed turn", turn: { state: "completed", ...spoke(...said("a", "b")) }, words: "b" },
  {
    name: "the draft of a broken one",
    turn: { ...spoke(...said("a")), draft: { itemId: "1", text: "b" } },
    words: "b",
  },
  {
    name: "the last message where the draft is blank",
    turn: { ...spoke(...said("a")), draft: { itemId: "1", text: " " } },
    words: "a",
  },
  { name: "nothing", turn: {}, words: "" },
])("the last words are $name", ({ turn, words }) => {
  expect(lastWords({ ...newTurn, ...turn })).toBe(words);
});

test("a mismatch has all its sentences, and an error its status", () => {
  const error = settingsMismatch(["model: a", "sandbox: b"]);
  expect(error).toMatchObject({ kind: "sandbox", message: "model: a; sandbox: b" });
  expect(failureStatus(error)).toBe("failed");
});
