import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { batchView } from "../../../src/cli/batch/view.ts";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SIZE = () => ({ columns: 80, rows: 24 });

function viewed(options: { readonly terminal?: boolean; readonly quiet?: boolean } = {}) {
  const written: string[] = [];
  const { terminal = false, quiet = false } = options;
  const view = batchView({ write: (text) => written.push(text), size: terminal ? SIZE : null, quiet });
  const { schedule, start } = scheduleOf([batchTask("a"), batchTask("b")], { parallel: 1 });
  start("a");
  view.show(schedule);
  return { view, written };
}

test("without a terminal: a line for what happens, and a heartbeat every 30 seconds", () => {
  const { view, written } = viewed();
  view.say("a: completed");
  view.doing("a", "npm test");
  vi.advanceTimersByTime(60_000);
  view.stop();
  vi.advanceTimersByTime(60_000);
  const beat = "[codex] 0/2 clean, 1 running (a), 1 waiting\n";
  expect(written).toEqual(["[codex] a: completed\n", beat, beat]);
});

test("what is said stays short; heartbeats go on", () => {
  const { view, written } = viewed();
  for (let line = 0; line < 500; line += 1) view.say(`line ${line}: ${"x".repeat(100)}`);
  expect(Buffer.byteLength(written.join(""))).toBeLessThan(4_500);
  vi.advanceTimersByTime(30_000);
  expect(written.at(-1)).toContain("0/2 clean");
  view.stop();
});

test("--quiet says nothing, on a terminal or not", () => {
  for (const terminal of [true, false]) {
    const { view, written } = viewed({ terminal, quiet: true });
    view.say("a: completed");
    view.changed();
    vi.advanceTimersByTime(60_000);
    view.stop();
    expect(written).toEqual([]);
  }
});

test("a terminal has the table below what is said, drawn a few times a second at most, and erased in the end", () => {
  const { view, written } = viewed({ terminal: true });
  for (let time = 0; time < 50; time += 1) view.doing("a", `step ${time}`);
  vi.advanceTimersByTime(1_000);
  expect(written).toEqual([
    expect.stringMatching(/^batch \S+: 0\/2 clean, 1 running \(a\), 1 waiting\n {2}a {2}step 49\n$/),
  ]);
  view.say("a: completed");
  vi.advanceTimersByTime(1_000);
  expect(written.slice(1)).toEqual(["\u001b[2A\u001b[0J", "[codex] a: completed\n", written[0]]);
  view.stop();
  expect(written.at(-1)).toBe("\u001b[2A\u001b[0J");
});
