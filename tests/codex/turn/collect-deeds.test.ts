import { expect, test } from "vitest";
import type { Item } from "../../../src/codex/messages.ts";
import { collectDeeds } from "../../../src/codex/turn/collect-deeds.ts";
import type { TurnEvent } from "../../../src/codex/turn-event.ts";

const command: Item = { type: "somethingNew", id: "c" };
const patch: Item = { type: "fileChange", id: "p", changes: [{ path: "/w/a.js" }, { path: "b.js" }] };
const started = (item: Item, at: number): TurnEvent => ({ type: "item_started", turnId: "u", item, at });
const ended = (item: Item, at: number): TurnEvent => ({ type: "item_completed", turnId: "u", item, at });

function deedsOf(...events: readonly TurnEvent[]) {
  const deeds = collectDeeds("/w");
  for (const event of events) deeds.take(event);
  return deeds.all();
}

const words: Item = { type: "reasoning", id: "r" };
const EVER = Number.NEGATIVE_INFINITY;

test("whatever is not known to be harmless may change any file while it runs, and since the model last thought: it is announced late", () => {
  const thought = [started(words, 1), ended(words, 3)];
  expect(deedsOf(...thought, started(command, 9), ended(command, 12))).toEqual([{ file: null, from: 3, until: 12 }]);
});

test("of two commands at once, the end of one does not tell when the other began", () => {
  const other: Item = { type: "somethingNew", id: "d" };
  const events = [ended(words, 1), started(command, 5), ended(command, 6), started(other, 7), ended(other, 8)];
  expect(deedsOf(...events).map(({ from }) => from)).toEqual([1, 1]);
});

test("what has not ended goes on", () => {
  expect(deedsOf(ended(words, 1), started(command, 2))).toEqual([{ file: null, from: 1, until: null }]);
});

test("what nobody saw begin may have begun at any time", () => {
  expect(deedsOf(ended(words, 1), ended(command, 5))).toEqual([{ file: null, from: EVER, until: 5 }]);
});

test("a patch names its files", () => {
  expect(deedsOf(started(patch, 1), ended(patch, 2)).map(({ file }) => file)).toEqual([null, "/w/a.js", "/w/b.js"]);
});

test("a sub-agent's deeds are its own, its thoughts are not the thread's, and words change nothing", () => {
  const inside = [started(words, 1), started(command, 2), ended(command, 3)].map(
    (event): TurnEvent => ({ type: "agent", threadId: "t", event }),
  );
  const own = { ...command, id: "o" };
  expect(deedsOf(...inside, started(own, 4), ended(own, 5))).toEqual([
    { file: null, from: 1, until: 3 },
    { file: null, from: EVER, until: 5 },
  ]);
});
