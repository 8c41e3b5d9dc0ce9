import { expect, test } from "vitest";
import { activityOf, bareCommand } from "../../src/codex/command-run.ts";
import { advance, endTurn, newTurn, type Turn } from "../../src/codex/fold-turn.ts";
import type { CommandItem, Item } from "../../src/codex/messages.ts";

function command(words: string): CommandItem {
  return { type: "commandExecution", id: "c", command: words, cwd: "/ws", status: "completed" };
}

test.each<{ item: Item; activity: string | null }>([
  { item: command("/bin/zsh -lc ls"), activity: "ls" },
  { item: { type: "webSearch", id: "w", query: "zod mini" }, activity: "web search: zod mini" },
  { item: { type: "commandExecution", id: "c" }, activity: null },
  { item: { type: "reasoning", id: "r" }, activity: null },
  { item: { type: "agentMessage", id: "a", text: "hello" }, activity: null },
])("an item of type $item.type is at work on: $activity", ({ item, activity }) => {
  expect(activityOf(item)).toBe(activity);
});

test.each([
  { name: "one that went well", item: { exitCode: 0, durationMs: 40 }, run: { exitCode: 0, status: "completed" } },
  { name: "one that failed", item: { exitCode: 2, status: "failed" }, run: { exitCode: 2, status: "failed" } },
  {
    name: "one that was killed",
    item: { exitCode: null, status: "failed" },
    run: { exitCode: null, status: "failed" },
  },
  { name: "one that was declined", item: { status: "declined" }, run: { exitCode: null, status: "declined" } },
  { name: "one without a duration", item: { exitCode: 0 }, run: { durationMs: null } },
  { name: "one with a duration", item: { exitCode: 0, durationMs: 7 }, run: { durationMs: 7 } },
  {
    name: "one that only looked",
    item: { exitCode: 0, commandActions: [{ type: "read" }, { type: "listFiles" }, { type: "search" }] },
    run: { readOnly: true },
  },
  {
    name: "one that looked and did",
    item: { exitCode: 0, commandActions: [{ type: "read" }, { type: "unknown" }] },
    run: { readOnly: false },
  },
  { name: "one of which nothing is known", item: { exitCode: 0, commandActions: [] }, run: { readOnly: false } },
  { name: "one that printed nothing", item: { exitCode: 0, aggregatedOutput: null }, run: { outputTail: "" } },
  {
    name: "one that printed much",
    item: { exitCode: 1, aggregatedOutput: `${"x".repeat(1_000_000)}the verdict` },
    run: { outputTail: `${"x".repeat(2_000 - "the verdict".length)}the verdict` },
  },
])("a command is recorded as it ended: $name", ({ item, run }) => {
  const turn = advance({ ...newTurn, id: "u" }, { type: "item_started", turnId: "u", item: command("npm test") });
  const done = { ...command("/bin/bash -lc 'npm test'"), ...item };
  const { commands } = advance(turn, { type: "item_completed", turnId: "u", item: done });
  expect([...commands]).toEqual([expect.objectContaining({ id: "c", command: "npm test", cwd: "/ws", ...run })]);
});

test.each<{ name: string; end: (turn: Turn) => Turn }>([
  { name: "by Codex", end: (turn) => advance(turn, { type: "turn_completed", turnId: "u", status: "x", error: null }) },
  { name: "by us", end: endTurn },
])("a command that is under way when the turn is ended $name is unfinished", ({ end }) => {
  const turn = advance({ ...newTurn, id: "u" }, { type: "item_started", turnId: "u", item: command("npm test") });
  const ended = end(turn);
  expect([...ended.commands]).toEqual([
    expect.objectContaining({ id: "c", command: "npm test", cwd: "/ws", exitCode: null, status: "unfinished" }),
  ]);
  expect([...ended.running, ...ended.begun]).toEqual([]);
  expect(end(ended).commands).toHaveLength(1);
});

// As Codex 0.150 and 0.169 really wrap them (measured).
test.each([
  { wrapped: "/bin/bash -lc 'echo plain; ls'", bare: "echo plain; ls" },
  { wrapped: "/bin/bash -lc ls", bare: "ls" },
  { wrapped: "/usr/bin/zsh -lc 'echo \"q\"'", bare: 'echo "q"' },
  { wrapped: "bash -c ls", bare: "ls" },
  { wrapped: "/bin/bash -lc \"echo 'a b'\"", bare: "echo 'a b'" },
  { wrapped: '/bin/bash -lc "echo a\\\\ b"', bare: "echo a\\ b" },
  { wrapped: `/bin/bash -lc "python3 -c \\"print('a')\\""`, bare: `python3 -c "print('a')"` },
  { wrapped: `/bin/bash -lc 'echo $HOME '"'x'"`, bare: "echo $HOME 'x'" },
  { wrapped: `/bin/bash -lc 'echo \`id\` '"'it' \\"is\\" \\\\;"`, bare: "echo `id` 'it' \"is\" \\;" },
  { wrapped: `/bin/bash -lc 'echo ! '"'a' \\\\\\""`, bare: `echo ! 'a' \\"` },
  { wrapped: `/bin/bash -lc "echo one\necho 'two'"`, bare: "echo one\necho 'two'" },
  { wrapped: "/bin/bash -lc \"bash -lc 'ls'\"", bare: "bash -lc 'ls'" },
  { wrapped: "git status", bare: "git status" },
  { wrapped: "/opt/bash -lx 'ls'", bare: "/opt/bash -lx 'ls'" },
])("the shell around a command says nothing: $bare", ({ wrapped, bare }) => {
  expect(bareCommand(wrapped)).toBe(bare);
});
