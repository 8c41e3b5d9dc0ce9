import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Limits, startClocks } from "../../../src/codex/turn/clocks.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Clocks, and all that they told: `[what, kind, after how long]`, with the first event for an expiry. */
function watch(limits: Limits) {
  const told: unknown[] = [];
  const clocks = startClocks(limits, {
    grace: ({ kind, afterMs }) => told.push(["grace", kind, afterMs]),
    expired: ({ first, last }) => told.push(["expired", last.kind, last.afterMs, first.kind]),
  });
  const silence = (ms: number) => void vi.advanceTimersByTime(ms);
  const busy = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      clocks.progress();
      vi.advanceTimersByTime(50);
    }
  };
  return { clocks, told, silence, busy };
}

test.each<{ name: string; steps: ["silence" | "busy", number][]; told: unknown[] }>([
  {
    name: "idle, then idle",
    steps: [
      ["silence", 100],
      ["silence", 100],
    ],
    told: [
      ["grace", "idle", 100],
      ["expired", "idle", 100, "idle"],
    ],
  },
  {
    name: "total, then total",
    steps: [
      ["busy", 300],
      ["busy", 300],
    ],
    told: [
      ["grace", "total", 300],
      ["expired", "total", 300, "total"],
    ],
  },
  {
    name: "idle, then total",
    steps: [
      ["silence", 100],
      ["busy", 300],
    ],
    told: [
      ["grace", "idle", 100],
      ["expired", "total", 300, "idle"],
    ],
  },
  {
    name: "total, then idle",
    steps: [
      ["busy", 300],
      ["silence", 100],
    ],
    told: [
      ["grace", "total", 300],
      ["expired", "idle", 100, "total"],
    ],
  },
])("the first limit starts both windows anew, the second one ends it, of whichever kind: $name", ({ steps, told }) => {
  const watched = watch({ idleMs: 100, totalMs: 300 });
  for (const [index, [what, ms]] of steps.entries()) {
    watched[what](ms);
    expect(watched.told).toEqual(told.slice(0, index + 1));
  }
  watched.silence(10_000);
  expect(watched.told).toEqual(told);
  expect(vi.getTimerCount()).toBe(0);
});

test("a limit is not reached a moment early", () => {
  const { told, silence } = watch({ idleMs: 100, totalMs: 0 });
  silence(99);
  expect(told).toEqual([]);
  silence(1);
  expect(told).toEqual([["grace", "idle", 100]]);
  silence(99);
  expect(told).toHaveLength(1);
});

test("progress puts off the idle limit and not the total one", () => {
  const { told, busy } = watch({ idleMs: 100, totalMs: 1000 });
  busy(950);
  expect(told).toEqual([]);
  busy(50);
  expect(told).toEqual([["grace", "total", 1000]]);
});

test.each([
  { name: "idle", limits: { idleMs: 0, totalMs: 1000 }, told: [["grace", "total", 1000]] },
  { name: "total", limits: { idleMs: 1000, totalMs: 0 }, told: [["grace", "idle", 1000]] },
  { name: "both", limits: { idleMs: 0, totalMs: 0 }, told: [] },
])("0 switches a limit off: $name", ({ limits, told }) => {
  const watched = watch(limits);
  watched.silence(1500);
  expect(watched.told).toEqual(told);
});

test("a pause costs no time, however long it is, and has no length of its own in what is told", () => {
  const { clocks, told, silence } = watch({ idleMs: 100, totalMs: 150 });
  silence(60);
  clocks.pause();
  silence(50_000);
  clocks.pause();
  silence(50_000);
  clocks.resume();
  silence(39);
  expect(told).toEqual([]);
  silence(1);
  expect(told).toEqual([["grace", "idle", 100]]);
});

test("a pause keeps what is left of the total window too", () => {
  const { clocks, told, silence } = watch({ idleMs: 0, totalMs: 150 });
  for (let round = 0; round < 3; round++) {
    silence(40);
    clocks.pause();
    silence(1000);
    clocks.resume();
  }
  silence(29);
  expect(told).toEqual([]);
  silence(1);
  expect(told).toEqual([["grace", "total", 150]]);
});

test("progress during a pause gives a whole idle window, and no more", () => {
  const { clocks, told, silence } = watch({ idleMs: 100, totalMs: 0 });
  silence(60);
  clocks.pause();
  silence(50);
  clocks.progress();
  silence(50);
  clocks.resume();
  silence(99);
  expect(told).toEqual([]);
  silence(1);
  expect(told).toEqual([["grace", "idle", 100]]);
});

test("a resume without a pause changes nothing", () => {
  const { clocks, told, silence } = watch({ idleMs: 100, totalMs: 0 });
  silence(60);
  clocks.resume();
  silence(40);
  expect(told).toEqual([["grace", "idle", 100]]);
});

test("stopped clocks tell nothing more, not even after a resume", () => {
  const { clocks, told, silence } = watch({ idleMs: 100, totalMs: 300 });
  clocks.pause();
  clocks.stop();
  clocks.resume();
  clocks.progress();
  silence(10_000);
  expect(told).toEqual([]);
});

test.each(["stop", "pause"] as const)("whoever hears of the grace window may %s the clocks", (what) => {
  const told: string[] = [];
  const clocks = startClocks(
    { idleMs: 100, totalMs: 300 },
    {
      grace: () => {
        told.push("grace");
        clocks[what]();
      },
      expired: () => told.push("expired"),
    },
  );
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(["grace"]);
});

test("a limit may be longer than any one timer", () => {
  const { told } = watch({ idleMs: 0, totalMs: 2 ** 32 + 5_000 });
  // Timer by timer: one that is too long for Node would fire after 1 ms, again and again.
  for (let timer = 1; timer <= 3; timer++) {
    expect(told).toEqual([]);
    vi.advanceTimersToNextTimer();
  }
  expect(told).toEqual([["grace", "total", 2 ** 32 + 5_000]]);
});
