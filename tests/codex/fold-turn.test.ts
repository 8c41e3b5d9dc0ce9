import { expect, test } from "vitest";
import { advance, type Message, newTurn, type Turn, turnTokens } from "../../src/codex/fold-turn.ts";
import type { Item, Tokens } from "../../src/codex/messages.ts";
import type { TurnEvent } from "../../src/codex/turn-event.ts";

const started: TurnEvent = { type: "turn_started", turnId: "u" };
const turnId = "u";

function play(...events: readonly TurnEvent[]): Turn {
  return events.reduce(advance, newTurn);
}
function ended(status: string, error: string | null = null): TurnEvent {
  return { type: "turn_completed", turnId, status, error: error === null ? null : ({ message: error } as never) };
}
function began(item: Item): TurnEvent {
  return { type: "item_started", turnId, item };
}
function done(item: Item): TurnEvent {
  return { type: "item_completed", turnId, item };
}
function message(id: string, text: string): Item {
  return { type: "agentMessage", id, text };
}
function spoken(words: string): Message {
  return { text: words, phase: null };
}
function text(itemId: string, delta: string): TurnEvent {
  return { type: "text", turnId, itemId, delta };
}
function command(id: string, words: string): Item {
  return { type: "commandExecution", id, command: words, cwd: "/ws", status: "completed" };
}
function usage(total: number, last: number) {
  return { type: "usage", turnId, total: tokens(total), last: tokens(last) } as const;
}
function window(usedPercent: number, resetsAt: number | null) {
  return { usedPercent, resetsAt };
}
function tokens(totalTokens: number): Tokens {
  return {
    inputTokens: totalTokens - 10,
    cachedInputTokens: 2,
    outputTokens: 10,
    reasoningOutputTokens: 4,
    totalTokens,
  };
}

test("a turn that was asked for has no id and has not begun", () => {
  expect(newTurn).toMatchObject({ id: null, state: "starting", messages: [], draft: null, tokens: null });
  expect(play(started)).toMatchObject({ id: "u", state: "running" });
});

test.each([
  { status: "completed", state: "completed" },
  { status: "interrupted", state: "interrupted" },
  { status: "failed", state: "failed" },
  { status: "a status of a later version", state: "failed" },
])("a turn that ends as '$status' is $state", ({ status, state }) => {
  expect(play(started, ended(status)).state).toBe(state);
});

test("the error at the end is the problem; without one, the last problem told stays", () => {
  const notice: TurnEvent = { type: "problem", willRetry: true, error: { message: "Reconnecting... 1/5" } as never };
  expect(play(started, notice).problem).toMatchObject({ willRetry: true, error: { message: "Reconnecting... 1/5" } });
  expect(play(started, notice).state).toBe("running");
  expect(play(started, notice, ended("failed", "gone")).problem).toMatchObject({
    willRetry: false,
    error: { message: "gone" },
  });
  expect(play(started, notice, ended("failed")).problem).toMatchObject({ willRetry: true });
});

test("messages are kept in their order once they are complete, and a draft until then", () => {
  const writing = play(started, began(message("a", "")), text("a", "do"), text("a", "ne"));
  expect(writing).toMatchObject({ messages: [], draft: { itemId: "a", text: "done" } });
  const complete = [done(message("a", "done")), done(message("b", "and more"))].reduce(advance, writing);
  expect(complete).toMatchObject({ messages: [spoken("done"), spoken("and more")], draft: null });
});

test.each([
  { name: "by one that is written again", events: [text("b", "again"), done(message("b", "again"))] },
  { name: "by one that comes in one piece", events: [done(message("b", "again"))] },
])("a message that a retried stream abandoned is replaced $name", ({ events }) => {
  expect(play(started, text("a", "half of i"), ...events)).toMatchObject({ messages: [spoken("again")], draft: null });
});

test("a draft that is begun anew begins empty", () => {
  expect(play(started, text("a", "half of i"), text("b", "aga")).draft).toEqual({ itemId: "b", text: "aga" });
});

test.each<{ name: string; event: TurnEvent }>([
  { name: "a message", event: { type: "item_completed", turnId: "old", item: message("a", "old") } },
  { name: "a command", event: { type: "item_completed", turnId: "old", item: command("c", "ls") } },
  { name: "a beginning", event: { type: "item_started", turnId: "old", item: command("c", "ls") } },
  { name: "text", event: { type: "text", turnId: "old", itemId: "a", delta: "old" } },
  { name: "tokens", event: { ...usage(220, 110), turnId: "old" } },
  { name: "an end", event: { type: "turn_completed", turnId: "old", status: "completed", error: null } },
])("what another turn left behind changes nothing, before this one begins and after: $name", ({ event }) => {
  expect(play(event)).toEqual(newTurn);
  expect(play(started, event)).toEqual(play(started));
});

test("a turn whose id is known from the answer to turn/start begins like any other", () => {
  const known = { ...newTurn, id: "u" };
  expect(advance(known, started)).toEqual(play(started));
  expect(advance(known, { type: "turn_started", turnId: "another" })).toEqual(known);
});

test("what runs is known by its item, until it is over", () => {
  const tool: Item = { type: "mcpToolCall", id: "m", server: "tickets", tool: "search" };
  const both = play(started, began(command("c", "/bin/bash -lc 'npm test'")), began(tool), began(message("a", "")));
  expect([...both.running]).toEqual([
    ["c", "npm test"],
    ["m", "tickets: search"],
  ]);
  expect([...advance(both, done(command("c", "npm test"))).running.keys()]).toEqual(["m"]);
  expect(advance(both, ended("interrupted")).running.size).toBe(0);
  expect(both.running.size).toBe(2);
});

test.each([
  { name: "one request", updates: [usage(110, 110)], used: 110 },
  { name: "several requests", updates: [usage(110, 110), usage(250, 140), usage(400, 150)], used: 400 },
  { name: "on a thread that had used some before", updates: [usage(330, 110), usage(450, 120)], used: 230 },
  { name: "the same number told twice", updates: [usage(330, 110), usage(330, 110)], used: 110 },
])("the tokens of a turn are the thread's after it less those before: $name", ({ updates, used }) => {
  expect(turnTokens(play(started, ...updates))?.totalTokens).toBe(used);
});

test("a resume tells the tokens of the last turn again, and they are not this turn's", () => {
  const again: TurnEvent = { ...usage(220, 110), turnId: "old" };
  expect(turnTokens(play(again, started, usage(330, 110)))?.totalTokens).toBe(110);
});

test("every kind of token is counted, and a turn that was told none has none", () => {
  const total = {
    inputTokens: 100,
    cachedInputTokens: 60,
    outputTokens: 30,
    reasoningOutputTokens: 12,
    totalTokens: 130,
  };
  const last = { inputTokens: 40, cachedInputTokens: 20, outputTokens: 9, reasoningOutputTokens: 3, totalTokens: 49 };
  expect(turnTokens(play(started, { type: "usage", turnId, total, last }))).toEqual(last);
  expect(turnTokens(play(started))).toBeNull();
});

test.each([
  { name: "the one that is used up", windows: [window(100, 5), window(40, 9)], resetsAt: 5 },
  { name: "the later one when both are", windows: [window(100, 5), window(101, 9)], resetsAt: 9 },
  { name: "none when none is", windows: [window(99, 5)], resetsAt: null },
  { name: "none when it is not told", windows: [window(100, null)], resetsAt: null },
  { name: "none without windows", windows: [], resetsAt: null },
])("the limit is lifted when the spent window is over: $name", ({ windows, resetsAt }) => {
  expect(play(started, { type: "rate_limits", windows }).resetsAt).toBe(resetsAt);
});

test("a limit that was told stays until another one is", () => {
  const spent: TurnEvent = { type: "rate_limits", windows: [window(100, 5)] };
  expect(play(started, spent, { type: "rate_limits", windows: [] }).resetsAt).toBe(5);
});

test("plan and settings are as last told, and a warning is kept once", () => {
  const settings = (model: string) => ({
    cwd: "/ws",
    approvalPolicy: "never",
    sandboxPolicy: { type: "readOnly" },
    model,
  });
  const turn = play(
    started,
    { type: "plan", steps: [{ step: "read", status: "inProgress" }] },
    { type: "plan", steps: [{ step: "read", status: "completed" }] },
    { type: "settings", settings: settings("a") },
    { type: "settings", settings: settings("b") },
    { type: "warning", message: "careful" },
    { type: "warning", message: "careful" },
    { type: "rerouted", from: "a", to: "b" },
  );
  expect(turn.plan).toEqual([{ step: "read", status: "completed" }]);
  expect(turn.settings?.model).toBe("b");
  expect(turn.warnings).toEqual(["careful", expect.stringContaining("b")]);
});

test.each<TurnEvent>([{ type: "activity" }, { type: "other", method: "brand/new" }])(
  "what says nothing of the turn changes nothing: $type",
  (event) => {
    expect(play(started, event)).toEqual(play(started));
  },
);

// Copying a list for each item of a turn takes more than ten minutes here.
test("a turn of 100,000 commands and as many messages is folded within the time of a test", () => {
  let turn = play(started);
  for (let index = 0; index < 100_000; index++) {
    const item = command(`c${index}`, `echo ${index}`);
    turn = [began(item), done(item), done(message(`m${index}`, `said ${index}`))].reduce(advance, turn);
  }
  const open = Array.from({ length: 100_000 }, (_, index) => began(command(`o${index}`, "sleep 1")));
  const over = [...open, ended("interrupted")].reduce(advance, turn);
  expect(over.commands.length).toBe(200_000);
  expect(over.commands.last()).toMatchObject({ id: "o99999", status: "unfinished" });
  expect(over.messages.at(-1)).toEqual(spoken("said 99999"));
});

test("of more warnings than a hundred it is said that there are more", () => {
  const many = Array.from({ length: 300 }, (_, index): TurnEvent => ({ type: "warning", message: `warning ${index}` }));
  const { warnings } = play(started, ...many);
  expect(warnings).toHaveLength(101);
  expect(warnings.at(-1)).toBe("Codex gave more than 100 different warnings");
});
