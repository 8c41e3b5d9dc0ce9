import fc, { type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { SCOPE_RULES } from "../../src/ledger/counted-run.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import { type Group, meetsTarget } from "../../src/ledger/stats.ts";
import type { Figures, Share } from "../../src/ledger/tally.ts";
import { percent, targetWords } from "../../src/ledger/words.ts";
import { entry, handoffEntry, statsOfEntries } from "../support/samples/ledger.ts";
import { testAtRandom } from "../support/trials.ts";

const overall = (...entries: LedgerEntry[]) => statsOfEntries(entries).overall;

test("without a run there is no figure, and never 0 %", () => {
  const nothing: Share = { hits: 0, of: 0, rate: null };
  expect(statsOfEntries([])).toEqual({
    batches: 0,
    delegated: null,
    directions: [],
    first: null,
    last: null,
    overall: {
      runs: 0,
      completed: nothing,
      inScope: nothing,
      firstPass: nothing,
      roundsMean: null,
      medianMs: null,
      p90Ms: null,
      tokens: null,
      tokensMean: null,
    },
    endings: [],
    periods: [],
    roles: [],
    models: [],
    projects: [],
  });
  expect(percent(null)).toBe("–");
});

test.each([
  { what: "completed", parts: {}, hits: 1 },
  { what: "completed after a question", parts: { asked: 1 }, hits: 0 },
  { what: "cancelled", parts: { status: "cancelled" }, hits: 0 },
  { what: "waiting for an answer", parts: { status: "pending_question", asked: 1 }, hits: 0 },
  { what: "of a status that is not known yet", parts: { status: "postponed" }, hits: 0 },
])("a run that is $what counts $hits as completed without help", ({ parts, hits }) => {
  expect(overall(entry(parts)).completed).toEqual({ hits, of: 1, rate: hits });
});

test.each([
  { what: "without violations", one: handoffEntry([]), share: { hits: 1, of: 1, rate: 1 } },
  { what: "that broke another rule", one: handoffEntry(["deleted_tests"]), share: { hits: 1, of: 1, rate: 1 } },
  {
    what: "whose changes are not known",
    one: handoffEntry([], { files_changed: null }),
    share: { hits: 0, of: 0, rate: null },
  },
  ...SCOPE_RULES.map((rule) => ({
    what: `that broke the rule ${rule}`,
    one: handoffEntry(["refs", rule]),
    share: { hits: 0, of: 1, rate: 0 },
  })),
])("of a handoff $what, the scope counts as $share.hits of $share.of", ({ one, share }) => {
  expect(overall(one, entry()).inScope).toEqual(share);
});

test("first pass and rounds are those of runs with checks alone", () => {
  const checked = (first_pass: boolean, repair_rounds: number) => entry({ first_pass, repair_rounds });
  const figures = overall(checked(true, 0), checked(false, 2), checked(false, 1), entry());
  expect(figures.firstPass).toEqual({ hits: 1, of: 3, rate: 1 / 3 });
  expect(figures.roundsMean).toBe(1);
});

test.each([
  { times: [5], median: 5, p90: 5 },
  { times: [1, 3], median: 2, p90: 3 },
  { times: [9, 1, 5], median: 5, p90: 9 },
  { times: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], median: 5.5, p90: 9 },
])("of $times, $median is in the middle and $p90 is not exceeded by nine of ten", ({ times, median, p90 }) => {
  const figures = overall(...times.map((elapsed_ms) => entry({ elapsed_ms })));
  expect([figures.medianMs, figures.p90Ms]).toEqual([median, p90]);
});

test("a run that told no tokens does not lower their mean", () => {
  const figures = overall(entry(), entry({ tokens: null }));
  expect([figures.tokens, figures.tokensMean]).toEqual([110, 110]);
  expect(overall(entry({ tokens: null })).tokens).toBeNull();
});

test("a target is met above it, not at it", () => {
  expect(meetsTarget("completed", { hits: 95, of: 100, rate: 0.95 })).toBe(false);
  expect(meetsTarget("completed", { hits: 96, of: 100, rate: 0.96 })).toBe(true);
  expect(meetsTarget("inScope", { hits: 0, of: 0, rate: null })).toBeNull();
  expect(targetWords("firstPass", { hits: 9, of: 10, rate: 0.9 })).toBe("over 90 %: missed by 1 of 10");
});

test.each([
  [0.9499, "94.9 %"],
  [0.95, "95.0 %"],
  [0.9999, "99.9 %"],
  [1, "100.0 %"],
  [0.29, "29.0 %"],
  [2 / 3, "66.7 %"],
  [1 / 3, "33.3 %"],
  [0.8999, "89.9 %"],
])("%f is reported as %s: rounded, and never as a target that it misses", (rate, text) => {
  expect(percent(rate)).toBe(text);
});

describe("runs along the time", () => {
  const at = (...times: string[]) => statsOfEntries(times.map((time) => entry({ time }))).periods;

  test("days without a run are there as well", () => {
    expect(at("2026-03-01T23:59:59Z", "2026-02-27T00:00:00Z").map(({ from, runs }) => [from, runs])).toEqual([
      ["2026-02-27", 1],
      ["2026-02-28", 0],
      ["2026-03-01", 1],
    ]);
  });

  test("weeks begin with Monday, months with their first day", () => {
    expect(at("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z").at(0)).toMatchObject({
      unit: "week",
      from: "2025-12-29",
    });
    expect(at("2025-01-31T00:00:00Z", "2026-03-31T00:00:00Z").map(({ from }) => from)).toHaveLength(15);
    expect(at("2025-01-31T00:00:00Z", "2026-03-31T00:00:00Z").at(1)).toMatchObject({
      unit: "month",
      from: "2025-02-01",
    });
  });

  test("however old the first run is, there are no more than sixty columns", () => {
    expect(at("0001-01-01T00:00:00Z", "2026-03-31T00:00:00Z").at(0)).toMatchObject({ from: "2021-04-01" });
    expect(at("0001-01-01T00:00:00Z", "2026-03-31T00:00:00Z")).toHaveLength(60);
  });
});

const DRAWS = { change: 5, full: 100 };

testAtRandom("the figures are those of an independent count", DRAWS, ledgers(), (entries) => {
  const figures = overall(...entries);
  let [done, handoffs, outside, checked, right, rounds, tokens] = [0, 0, 0, 0, 0, 0, 0];
  for (const one of entries) {
    if (one.status === "completed" && one.asked === 0) done++;
    if (one.kind === "handoff" && one.files_changed !== null) {
      handoffs++;
      if (one.handoff?.violations.some((rule) => rule === "scope" || rule === "lines")) outside++;
    }
    if (one.first_pass !== null) {
      checked++;
      rounds += one.repair_rounds;
      if (one.first_pass) right++;
    }
    tokens += one.tokens?.total ?? 0;
  }
  expect(figures.runs).toBe(entries.length);
  expect(figures.completed).toMatchObject({ hits: done, of: entries.length });
  expect(figures.inScope).toMatchObject({ hits: handoffs - outside, of: handoffs });
  expect(figures.firstPass).toMatchObject({ hits: right, of: checked });
  expect(figures.roundsMean ?? 0).toBeCloseTo(checked === 0 ? 0 : rounds / checked, 9);
  expect(figures.tokens ?? 0).toBe(tokens);
  const within = (ms: number | null) => entries.filter(({ elapsed_ms }) => elapsed_ms <= (ms ?? 0)).length;
  expect(within(figures.p90Ms)).toBeGreaterThanOrEqual(entries.length * 0.9);
  expect(within((figures.p90Ms ?? 0) - 1)).toBeLessThan(entries.length * 0.9);
  expect(within(figures.medianMs)).toBeGreaterThanOrEqual(entries.length / 2);
});

testAtRandom("what is counted by group adds up to the whole", DRAWS, ledgers(), (entries) => {
  const stats = statsOfEntries(entries);
  for (const groups of [stats.roles, stats.models, stats.projects])
    expect(sums(groups)).toEqual(sums([{ figures: stats.overall }]));
  for (const parts of [stats.endings, stats.periods])
    expect(parts.reduce((total, { runs }) => total + runs, 0)).toBe(entries.length);
  expect(stats.periods.reduce((total, { completed }) => total + completed, 0)).toBe(stats.overall.completed.hits);
});

testAtRandom(
  "what is selected by time and project is what a ledger of these runs alone would come to",
  DRAWS,
  ledgers(),
  (entries) => {
    const since = new Date("2026-02-10T12:00:00Z");
    const chosen = entries.filter(({ time, project }) => time >= since.toISOString() && project === "/shop");
    expect(statsOfEntries(entries, { since, project: "/shop" })).toEqual(statsOfEntries(chosen));
  },
);

testAtRandom("the order of the lines is of no account", DRAWS, ledgers(), (entries) => {
  expect(statsOfEntries(entries.toReversed())).toEqual(statsOfEntries(entries));
});
function sums(groups: readonly Pick<Group, "figures">[]) {
  const sum = (of: (figures: Figures) => number) => groups.reduce((total, { figures }) => total + of(figures), 0);
  return {
    runs: sum(({ runs }) => runs),
    completed: [sum(({ completed }) => completed.hits), sum(({ completed }) => completed.of)],
    inScope: [sum(({ inScope }) => inScope.hits), sum(({ inScope }) => inScope.of)],
    firstPass: [sum(({ firstPass }) => firstPass.hits), sum(({ firstPass }) => firstPass.of)],
    tokens: sum(({ tokens }) => tokens ?? 0),
  };
}

function ledgers(): Arbitrary<readonly LedgerEntry[]> {
  const tokens = { input: 0, cached_input: 0, output: 0, reasoning_output: 0 };
  const parts = fc.record({
    time: fc.nat(80 * 86_400_000).map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString()),
    project: fc.constantFrom("/shop", "/parser", null),
    role: fc.constantFrom("writer", "reviewer", null),
    model: fc.constantFrom("a", "b", null),
    status: fc.constantFrom<LedgerEntry["status"]>(
      "completed",
      "completed",
      "completed",
      "failed",
      "cancelled",
      "timeout",
    ),
    asked: fc.constantFrom(0, 0, 0, 2),
    elapsed_ms: fc.oneof(fc.nat(99), fc.nat(999_999)),
    tokens: fc.option(fc.nat(999_999).map((total) => ({ ...tokens, total }))),
    first_pass: fc.constantFrom(null, true, false),
    repair_rounds: fc.nat(2),
    files_changed: fc.constantFrom(null, 0, 3),
  });
  const rules = fc.constantFrom<readonly string[]>([], [], ["scope"], ["refs"], ["lines", "scope"]);
  const entries = fc.tuple(fc.boolean(), rules, parts);
  const made = entries.map(([isHandoff, broken, drawn]) => (isHandoff ? handoffEntry(broken, drawn) : entry(drawn)));
  return fc.array(made, { minLength: 1, maxLength: 300 });
}
