import { expect, test } from "vitest";
import type { Item } from "../../../src/codex/messages.ts";
import type { TurnEvent } from "../../../src/codex/turn-event.ts";
import { collectDeeds } from "../../../src/orchestrate/delegation/codex-deeds.ts";

const command: Item = { type: "somethingNew", id: "c" };
const patch: Item = { type: "fileChange", id: "p", changes: [{ path: "/w/a.js" }, { path: "b.js" }] };
const started = (item: Item, at: number): TurnEvent => ({ type: "item_started", turnId: "u", item, at });
const ended = (item: Item, at: number): TurnEvent => ({ type: "item_completed", turnId: "u", item, at });

function deedsOf(...events: readonly TurnEvent[]) {
  const deeds = collectDeeds("/w");
  for (const event of events) deeds.take(event);
  return deeds.all();
}

test("whatever is not known to be harmless may change any file while it runs", () => {
  expect(deedsOf(started(command, 1), ended(command, 5))).toEqual([{ file: null, from: 1, until: 5 }]);
});

test("what has not ended goes on", () => {
  expect(deedsOf(started(command, 1))).toEqual([{ file: null, from: 1, until: null }]);
});

test("what nobody saw begin may have begun at any time", () => {
  expect(deedsOf(ended(command, 5))).toEqual([{ file: null, from: Number.NEGATIVE_INFINITY, until: 5 }]);
});

test("a patch names its files", () => {
  expect(deedsOf(started(patch, 1), ended(patch, 2)).map(({ file }) => file)).toEqual([null, "/w/a.js", "/w/b.js"]);
});

test("a sub-agent's deeds are its own, and words change nothing", () => {
  const words: Item = { type: "reasoning", id: "r" };
  const events = [started(words, 1), started(command, 2), ended(command, 3)];
  const inside = events.map((event): TurnEvent => ({ type: "agent", threadId: "t", event }));
  expect(deedsOf(...inside)).toEqual([{ file: null, from: 2, until: 3 }]);
});
