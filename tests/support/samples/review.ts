import type { ReviewOutcome } from "../../../src/review/run/outcome.ts";
import type { JudgedFinding } from "../../../src/review/verdict/verdict.ts";

/** A finding of a review, in its place. */
export function judgedFinding(overrides: Partial<JudgedFinding> = {}): JudgedFinding {
  return {
    title: "Reads past the end",
    severity: "major",
    confidence: 0.9,
    category: "correctness",
    scenario: "With an empty cart the total is NaN.",
    path: "src/my cart.ts",
    code: "items[items.length]",
    suggestion: null,
    id: "f0123456789ab",
    anchor: { type: "exact", path: "src/my cart.ts", side: "new", line: 3, endLine: 4 },
    symbol: "total",
    inChange: true,
    voices: ["codex"],
    refutation: null,
    proof: null,
    state: "new",
    decision: null,
    ...overrides,
  };
}

/** What a review came to. */
export function reviewOutcome(overrides: Partial<ReviewOutcome> = {}): ReviewOutcome {
  return {
    reviewId: "20260102-030405-006-0123456789abcdef",
    status: "completed",
    error: null,
    signal: null,
    verdict: "findings",
    target: "what is not committed",
    workspace: "/home/ada/shop",
    findings: [judgedFinding()],
    blocking: [],
    missing: [],
    coverage: [{ path: "src/my cart.ts", status: "reviewed", reason: null }],
    configurationEdits: [],
    turns: [],
    cutShort: null,
    startedAt: "2026-01-02T03:04:05.006Z",
    elapsedMs: 1_000,
    ...overrides,
  };
}
