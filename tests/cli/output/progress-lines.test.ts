import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noProgress, progressLines, type Spinner } from "../../../src/cli/output/progress-lines.ts";
import { newTurn, type Turn } from "../../../src/codex/fold-turn.ts";
import type { TurnEvent } from "../../../src/codex/turn-event.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch(spinner: Spinner | null = null) {
  const lines: string[] = [];
  const progress = progressLines({ write: (text) => void lines.push(text), spinner });
  const bytes = () => Buffer.byteLength(lines.join(""));
  return { progress, lines, bytes };
}

const started = (command: string): TurnEvent => ({
  type: "item_started",
  turnId: "t",
  item: { type: "commandExecution", id: "1", command, cwd: "/w", status: "inProgress" },
});
const message: TurnEvent = {
  type: "item_completed",
  turnId: "t",
  item: { type: "agentMessage", id: "2", text: "said" },
};
const running = (command: string): Turn => ({ ...newTurn, running: new Map([["1", command]]) });
const text: TurnEvent = { type: "text", turnId: "t", itemId: "1", delta: "x" };
const retry: TurnEvent = { type: "problem", error: { message: "Reconnecting... 2/5" }, willRetry: true };

test("commands and messages are one line each, short, without a shell's wrapping", () => {
  const { progress, lines } = watch();
  progress.event(started("/bin/bash -lc 'npm test'"), newTurn);
  progress.event(started(`/bin/zsh -lc '${"x".repeat(300)}'`), newTurn);
  progress.event(message, { ...newTurn, messages: [{ text: "\n\n**Done** so far.\nMore.", phase: null }] });
  progress.event(text, newTurn);
  // The last message may be the answer: it waits for what comes after it.
  expect(lines).toHaveLength(2);
  progress.event(started("ls"), newTurn);
  expect(lines[0]).toBe("[codex] > npm test\n");
  expect(lines[1]).toBe(`[codex] > ${"x".repeat(99)}…\n`);
  expect(lines[2]).toBe("[codex] **Done** so far.\n");
  expect(lines).toHaveLength(4);
});

test("the last message is a line unless the answer is printed elsewhere", () => {
  const said = { ...newTurn, messages: [{ text: "Done.", phase: null }] };
  const [one, other] = [watch(), watch()];
  for (const { progress } of [one, other]) progress.event(message, said);
  one.progress.stop();
  other.progress.answerFollows();
  other.progress.stop();
  expect([one.lines, other.lines]).toEqual([["[codex] Done.\n"], []]);
});

test("which run it is comes when there is silence or much to say, on a terminal at once", () => {
  const { progress, lines } = watch();
  progress.opened("the-id", "/r.md");
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(30_000);
  expect(lines[0]).toBe("[codex] session_id=the-id output_path=/r.md\n");
  const terminal = watch({ update: () => {}, clear: () => {}, stop: () => {} });
  terminal.progress.opened("the-id", "/r.md");
  expect(terminal.lines).toEqual(["[codex] session_id=the-id\n"]);
});

test("sub-agents are waited for only while one is at work; else a turn that is over is finishing", () => {
  const shown: string[] = [];
  const { progress } = watch({ update: (what) => void shown.push(what), clear: () => {}, stop: () => {} });
  const over: Turn = { ...newTurn, state: "completed" };
  const ended: TurnEvent = { type: "turn_completed", turnId: "t", status: "completed", error: null };
  const ofAgent = (event: TurnEvent): TurnEvent => ({ type: "agent", threadId: "sub", event });
  progress.event(ofAgent({ type: "turn_started", turnId: "s" }), newTurn);
  progress.event(ended, over);
  progress.event(ofAgent({ ...ended, turnId: "s" }), over);
  expect(shown).toEqual(["thinking", "waiting for sub-agents", "finishing"]);
});

test("a message that says nothing is not a line", () => {
  const { progress, lines } = watch();
  progress.event(message, { ...newTurn, messages: [{ text: " \n ", phase: null }] });
  expect(lines).toEqual([]);
});

test("while Codex is silent there is a line every 30 s, with what it does and for how long", () => {
  const { progress, lines } = watch();
  progress.event(started("npm test"), running("npm test"));
  vi.advanceTimersByTime(29_999);
  expect(lines).toHaveLength(1);
  vi.advanceTimersByTime(60_001);
  expect(lines.slice(1)).toEqual([
    "[codex] … running npm test, silent for 30 s\n",
    "[codex] … running npm test, silent for 60 s\n",
    "[codex] … running npm test, silent for 90 s\n",
  ]);
});

test.each<{ name: string; turn: Turn; doing: string }>([
  { name: "nothing yet", turn: newTurn, doing: "thinking" },
  { name: "a message", turn: { ...newTurn, draft: { itemId: "1", text: "x" } }, doing: "writing" },
  { name: "the newest of its commands", turn: running("make"), doing: "running make" },
])("silence over $name is told as $doing", ({ turn, doing }) => {
  const { progress, lines } = watch();
  progress.event({ type: "activity" }, turn);
  vi.advanceTimersByTime(30_000);
  expect(lines).toEqual([`[codex] … ${doing}, silent for 30 s\n`]);
});

test("before the first event it is starting, and a check is named while it runs", () => {
  const { progress, lines } = watch();
  vi.advanceTimersByTime(30_000);
  progress.checking("npm test");
  vi.advanceTimersByTime(30_000);
  expect(lines).toEqual([
    "[codex] … starting, silent for 30 s\n",
    "[codex] checking: npm test\n",
    "[codex] … checking: npm test, silent for 30 s\n",
  ]);
});

test("text that streams is not silence, a retry notice is not progress", () => {
  const { progress, lines } = watch();
  for (let second = 0; second < 40; second++) {
    progress.event(text, newTurn);
    vi.advanceTimersByTime(1_000);
  }
  expect(lines).toEqual(["[codex] … thinking, silent for 1 s\n"]);
  progress.event(retry, newTurn);
  vi.advanceTimersByTime(30_000);
  expect(lines.slice(1)).toEqual(["[codex] retrying: Reconnecting... 2/5\n", "[codex] … thinking, silent for 31 s\n"]);
});

test("after the end there is no heartbeat", () => {
  const { progress, lines } = watch();
  progress.stop();
  vi.advanceTimersByTime(600_000);
  expect(lines).toEqual([]);
});

test("a line after the end is printed, and keeps nothing waiting", () => {
  const { progress } = watch();
  progress.stop();
  progress.line("the last word");
  expect(vi.getTimerCount()).toBe(0);
});

test("with endless commands, and then a day of silence, there is room left for the end", () => {
  const { progress, bytes } = watch();
  progress.opened("id", `/${"long/".repeat(100)}report.md`);
  for (let index = 0; index < 500; index++) {
    progress.event(started("コマンド".repeat(100)), running("コマンド".repeat(100)));
    progress.event(message, { ...newTurn, messages: [{ text: "😀".repeat(400), phase: null }] });
    progress.declined({ what: "長い".repeat(200), reason: "x" });
    progress.event(retry, running("コマンド".repeat(100)));
  }
  expect(bytes()).toBeLessThan(6_000);
  expect(progress.written()).toBe(bytes());
  progress.grace({ kind: "idle", afterMs: 180_000 });
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(bytes()).toBeLessThan(7_700);
});

test("the session and a grace window are told however much was said before", () => {
  const { progress, lines } = watch();
  for (let index = 0; index < 500; index++) progress.event(started("x".repeat(100)), newTurn);
  progress.opened("the-id", "/a\nb");
  progress.grace({ kind: "total", afterMs: 600_000 });
  expect(lines.at(-2)).toBe("[codex] session_id=the-id output_path=/a\\nb\n");
  expect(lines.at(-1)).toMatch(
    /^\[TIMEOUT\] First wall timeout reached after 600s — granting one automatic grace window\.\n$/,
  );
});

test("checks and repairs are told as they go", () => {
  const { progress, lines } = watch();
  const check = { type: "expect_file" as const, subject: "/a", exitCode: null, durationMs: null, detail: "" };
  progress.checked({ ...check, passed: true });
  progress.checked({ ...check, passed: false });
  progress.repairing(1, 3);
  expect(lines).toEqual([
    "[codex] passed: expect_file /a\n",
    "[codex] FAILED: expect_file /a\n",
    expect.stringContaining("round 1 of 3"),
  ]);
});

test("on a terminal a spinner says what goes on, and is out of the way of every line", () => {
  const calls: string[] = [];
  const spinner = {
    update: (what: string) => void calls.push(`update ${what}`),
    clear: () => void calls.push("clear"),
    stop: () => void calls.push("stop"),
  };
  const { progress, lines } = watch(spinner);
  progress.event(started("make"), running("make"));
  progress.stop();
  expect(lines).toEqual(["[codex] > make\n"]);
  expect(calls).toEqual(["clear", "update running make", "stop"]);
  expect(progress.written()).toBe(0);
});

test("a quiet run says only what has to be said", () => {
  const lines: string[] = [];
  const quiet = noProgress((line) => void lines.push(line));
  quiet.opened("id", "/p");
  quiet.event(started("make"), newTurn);
  quiet.grace({ kind: "idle", afterMs: 1 });
  quiet.checking("make");
  vi.advanceTimersByTime(600_000);
  quiet.line("[ERROR] why");
  expect(lines).toEqual(["[ERROR] why\n"]);
});
