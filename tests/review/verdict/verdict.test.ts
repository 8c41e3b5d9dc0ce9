import { describe, expect, test } from "vitest";
import { coverageOf } from "../../../src/review/verdict/coverage.ts";
import { blockingOf, type JudgedFinding, verdictOf } from "../../../src/review/verdict/verdict.ts";

const said = (path: string, status: "reviewed" | "not_reviewed" = "reviewed", reason: string | null = null) => ({
  path,
  status,
  reason,
});
const share = (paths: readonly string[], ...files: ReturnType<typeof said>[]) => ({
  paths,
  answer: { files },
  reason: null,
});

describe("coverage", () => {
  const statusOf = (...shares: Parameters<typeof coverageOf>[1][number][]) =>
    coverageOf(["a.ts"], shares).map(({ status, reason }) => reason ?? status);

  test.each([
    { name: "a file that its reviewer names is reviewed", shares: [share(["a.ts"], said("a.ts"))], is: "reviewed" },
    { name: "a leading ./ is forgiven", shares: [share(["a.ts"], said("./a.ts"))], is: "reviewed" },
    { name: "a file that is not named is not", shares: [share(["a.ts"])], is: "its reviewer does not mention it" },
    {
      name: "a file that is left out is not",
      shares: [share(["a.ts"], said("a.ts", "not_reviewed", "too big"))],
      is: "too big",
    },
    {
      name: "a reviewer that contradicts itself has not reviewed it",
      shares: [share(["a.ts"], said("a.ts"), said("a.ts", "not_reviewed"))],
      is: "its reviewer left it out",
    },
    {
      name: "an answer that cannot be used covers nothing",
      shares: [{ paths: ["a.ts"], answer: null, reason: "cut" }],
      is: "cut",
    },
    {
      name: "every member of a panel has to",
      shares: [share(["a.ts"], said("a.ts")), share(["a.ts"])],
      is: "its reviewer does not mention it",
    },
    { name: "no turn at all covers nothing", shares: [], is: "no turn was left for it" },
  ])("$name", ({ shares, is }) => {
    expect(statusOf(...shares)).toEqual([is]);
  });
});

const base: JudgedFinding = {
  title: "Reads past the end",
  severity: "major",
  confidence: 0.9,
  category: "correctness",
  scenario: "An empty list throws.",
  path: "a.ts",
  code: "items[items.length]",
  suggestion: null,
  id: "f1",
  anchor: { type: "exact", path: "a.ts", side: "new", line: 3, endLine: 3 },
  symbol: "total",
  inChange: true,
  voices: ["codex"],
  refutation: null,
  proof: null,
  state: "new",
  decision: null,
};

const covered = [{ path: "a.ts", status: "reviewed" as const, reason: null }];
const uncovered = [{ path: "a.ts", status: "not_reviewed" as const, reason: "cut" }];
const refuted = { answer: "refuted" as const, why: "guarded", quote: "if (x)", place: "a.ts:1" };
const refused = { resolution: "refused" as const, why: "by design", at: "2026-01-01T00:00:00Z" };

describe("the verdict", () => {
  test.each([
    { name: "nothing changed", facts: { coverage: [], answered: 0, findings: [] }, verdict: "nothing" },
    { name: "no usable answer", facts: { coverage: uncovered, answered: 0, findings: [] }, verdict: "not_reviewed" },
    {
      name: "a file was left out",
      facts: { coverage: uncovered, answered: 1, findings: [base] },
      verdict: "incomplete",
    },
    { name: "all read, nothing found", facts: { coverage: covered, answered: 1, findings: [] }, verdict: "clean" },
    {
      name: "all read, something found",
      facts: { coverage: covered, answered: 1, findings: [base] },
      verdict: "findings",
    },
    {
      name: "all that was found is refuted or decided",
      facts: {
        coverage: covered,
        answered: 1,
        findings: [
          { ...base, refutation: refuted },
          { ...base, decision: refused },
        ],
      },
      verdict: "clean",
    },
  ])("$name: $verdict", ({ facts, verdict }) => {
    expect(verdictOf({ ...facts, cutShort: null })).toBe(verdict);
  });

  test.each([
    { name: "nothing was found", findings: [] },
    { name: "something was", findings: [base] },
  ])("a planned turn did not run, $name: incomplete", ({ findings }) => {
    expect(verdictOf({ coverage: covered, answered: 1, findings, cutShort: "--max-turns 1 was reached" })).toBe(
      "incomplete",
    );
  });
});

describe("the gate", () => {
  test.each([
    { name: "closes for an open finding in its place", finding: base, closes: true },
    { name: "closes for a worse one", finding: { ...base, severity: "blocker" as const }, closes: true },
    { name: "stays open for a milder one", finding: { ...base, severity: "minor" as const }, closes: false },
    {
      name: "stays open for one without a place",
      finding: { ...base, anchor: { type: "unanchored" as const, reason: "nowhere" } },
      closes: false,
    },
    { name: "stays open for a refuted one", finding: { ...base, refutation: refuted }, closes: false },
    { name: "stays open for a decided one", finding: { ...base, decision: refused }, closes: false },
  ])("$name", ({ finding, closes }) => {
    expect(blockingOf([finding], "major").length === 1).toBe(closes);
  });

  test("is open when nobody asked for it", () => {
    expect(blockingOf([base], null)).toEqual([]);
  });
});
