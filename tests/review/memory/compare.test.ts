import { expect, test } from "vitest";
import type { Finding } from "../../../src/review/finding/finding.ts";
import { findingId, identityOf } from "../../../src/review/finding/identity.ts";
import { compareWithMemory } from "../../../src/review/memory/compare.ts";
import { foldMemory, type MemoryEntry } from "../../../src/review/memory/known-finding.ts";

const CODE = "for (let at = 0; at <= items.length; at++) {";

function found(overrides: Partial<Finding> = {}): Finding {
  const finding: Finding = {
    title: "Reads past the end",
    severity: "major",
    confidence: 0.9,
    category: "correctness",
    scenario: "…",
    path: "src/cart.ts",
    code: CODE,
    suggestion: null,
    id: "",
    anchor: { type: "exact", path: "src/cart.ts", side: "new", line: 3, endLine: 3 },
    symbol: "total",
    inChange: true,
    voices: ["codex"],
    ...overrides,
  };
  return { ...finding, id: findingId(identityOf(finding, finding.symbol)) };
}

function review(id: string, findings: readonly Finding[], resolved: readonly string[] = []): MemoryEntry {
  const remembered = findings.map((finding) => {
    const { id: own, category, symbol, path, title, severity } = finding;
    return { id: own, category, symbol, code: identityOf(finding, symbol).code, path, title, severity };
  });
  return { type: "review", review: id, at: "2026-01-01T00:00:00Z", findings: remembered, resolved: [...resolved] };
}

function decided(finding: Finding, resolution: "fixed" | "refused"): MemoryEntry {
  return { type: "decision", finding: finding.id, resolution, why: "because", at: "2026-01-02T00:00:00Z" };
}

function compare(
  entries: readonly MemoryEntry[],
  findings: readonly Finding[],
  covered = ["src/cart.ts"],
  renamed = {},
) {
  const known = [...foldMemory(entries).values()];
  const read = { covered: new Set(covered), renamed: new Map(Object.entries<string>(renamed)) };
  const { findings: compared, missing } = compareWithMemory(findings, known, read);
  return {
    states: compared.map(({ state }) => state),
    ids: compared.map(({ id }) => id),
    missing: missing.map(({ now }) => now),
  };
}

const first = found();

test("a finding that nobody knows is new", () => {
  expect(compare([], [first])).toMatchObject({ states: ["new"], missing: [] });
});

test.each([
  {
    name: "at another line",
    again: found({ anchor: { type: "exact", path: "src/cart.ts", side: "new", line: 90, endLine: 90 } }),
  },
  { name: "under another title and severity", again: found({ title: "Off by one", severity: "minor" }) },
  { name: "quoted with a line more", again: found({ code: `${CODE}\n  sum += items[at].price;` }) },
  { name: "indented otherwise", again: found({ code: `\t\t${CODE}` }) },
  { name: "in a renamed file", again: found({ path: "src/basket.ts" }), renamed: { "src/cart.ts": "src/basket.ts" } },
])("a known finding $name persists, under its id", ({ again, renamed = {} }) => {
  expect(compare([review("r1", [first])], [again], ["src/cart.ts"], renamed)).toMatchObject({
    states: ["persisting"],
    ids: [first.id],
  });
});

test.each([
  { name: "in another function", again: found({ symbol: "half" }) },
  { name: "about another thing", again: found({ category: "security" }) },
  { name: "after the code at its place changed", again: found({ code: "for (const item of items) {" }) },
])("the same words $name are a new finding", ({ again }) => {
  expect(compare([review("r1", [first])], [again])).toMatchObject({ states: ["new"], missing: ["resolved"] });
});

test("a known finding is resolved only where its file was read again", () => {
  expect(compare([review("r1", [first])], [], ["src/cart.ts"]).missing).toEqual(["resolved"]);
  expect(compare([review("r1", [first])], [], ["src/other.ts"]).missing).toEqual(["unknown"]);
});

test("what was resolved or called fixed, and comes back, is reopened", () => {
  expect(compare([review("r1", [first]), review("r2", [], [first.id])], [first]).states).toEqual(["reopened"]);
  expect(compare([review("r1", [first]), decided(first, "fixed")], [first]).states).toEqual(["reopened"]);
});

test("a decision holds while the code at its place stands", () => {
  const known = [...foldMemory([review("r1", [first]), decided(first, "refused")]).values()];
  const read = { covered: new Set<string>(), renamed: new Map<string, string>() };
  const [same] = compareWithMemory([found()], known, read).findings;
  const [changed] = compareWithMemory([found({ code: "for (const item of all) {" })], known, read).findings;
  expect(same?.decision?.resolution).toBe("refused");
  expect(changed?.decision).toBeNull();
});

test("equal code in two files is two findings, each with an id and a life of its own", () => {
  const both = [found({ path: "a/total.ts" }), found({ path: "b/total.ts" })];
  const read = { covered: new Set(["a/total.ts", "b/total.ts"]), renamed: new Map<string, string>() };
  const [one, other] = compareWithMemory(both, [], read).findings;
  expect(one?.id).not.toBe(other?.id);
  const entry = review("r1", both) as Extract<MemoryEntry, { type: "review" }>;
  const ids = [one?.id ?? "", other?.id ?? ""];
  const known = [
    ...foldMemory([
      { ...entry, findings: entry.findings.map((each, at) => ({ ...each, id: ids[at] ?? "" })) },
    ]).values(),
  ];
  const again = compareWithMemory(both.toReversed(), known, read);
  expect(again.findings.map(({ id, state }) => [id, state])).toEqual([
    [other?.id, "persisting"],
    [one?.id, "persisting"],
  ]);
  // One of them is repaired: the other one does not take its place.
  const [, second] = both;
  const left = compareWithMemory(second ? [second] : [], known, read);
  expect(left.findings.map(({ id }) => id)).toEqual([other?.id]);
  expect(left.missing.map(({ id, now }) => [id, now])).toEqual([[one?.id, "resolved"]]);
});
