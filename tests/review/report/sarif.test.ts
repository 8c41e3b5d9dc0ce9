import { readFileSync } from "node:fs";
import { join } from "node:path";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { AskCodexError } from "../../../src/errors.ts";
import type { MissingFinding } from "../../../src/review/memory/compare.ts";
import { toSarif } from "../../../src/review/report/sarif.ts";
import type { ReviewOutcome } from "../../../src/review/run/outcome.ts";
import { ROOT } from "../../support/paths.ts";
import { judgedFinding, reviewOutcome } from "../../support/samples/review.ts";

const schema = JSON.parse(readFileSync(join(ROOT, "tests/review/report/schemas/sarif-2.1.0.json"), "utf8"));
const ajv = new AjvDraft04({ strict: false, allErrors: true });
addFormats(ajv as never);
const validate = ajv.compile(schema);

const decision = { resolution: "refused", why: "by design", at: "2026-01-01T00:00:00Z" } as const;
const refutation = { answer: "refuted", why: "guarded", quote: "if (x)", place: "a.ts:1" } as const;
const gone: MissingFinding = {
  id: "f9",
  category: "security",
  symbol: "",
  code: "x",
  path: "b.ts",
  title: "Gone",
  severity: "nit",
  review: "r1",
  open: true,
  decision: null,
  now: "resolved",
};

test.each<{ name: string; outcome: ReviewOutcome }>([
  { name: "findings", outcome: reviewOutcome() },
  { name: "no finding", outcome: reviewOutcome({ verdict: "clean", findings: [] }) },
  {
    name: "every kind of place, and what was decided, refuted or resolved",
    outcome: reviewOutcome({
      findings: [
        judgedFinding({ decision }),
        judgedFinding({ refutation, severity: "nit", confidence: 1 }),
        judgedFinding({ anchor: { type: "unanchored", reason: "nowhere" }, path: "a #1/ü.ts", severity: "blocker" }),
        judgedFinding({ anchor: { type: "ambiguous", path: "a.ts", side: "new", lines: [1, 2] }, state: "reopened" }),
        judgedFinding({
          anchor: { type: "exact", path: "a.ts", side: "old", line: 1, endLine: 1 },
          state: "persisting",
        }),
      ],
      missing: [gone],
    }),
  },
  {
    name: "nothing that was reviewed",
    outcome: reviewOutcome({
      verdict: "not_reviewed",
      findings: [],
      error: new AskCodexError("not_reviewed", "no answer"),
    }),
  },
])("the SARIF log of $name holds against the official schema", ({ outcome }) => {
  validate(toSarif(outcome, "0.1.0"));
  expect(validate.errors).toBeNull();
});

test("what is not complete says so, and closes nothing", () => {
  const log = toSarif(reviewOutcome({ verdict: "incomplete" }), "0.1.0");
  expect(log.runs[0]?.invocations[0]?.executionSuccessful).toBe(false);
});

test("a second run of the same findings opens no alert again", () => {
  const [first, second] = (["new", "persisting"] as const).map(
    (state) => toSarif(reviewOutcome({ findings: [judgedFinding({ state })] }), "0.1.0").runs[0]?.results[0],
  );
  expect(first?.partialFingerprints).toEqual(second?.partialFingerprints);
  expect([first?.baselineState, second?.baselineState]).toEqual(["new", "unchanged"]);
});

test("decided and refuted findings are suppressed, with the reason", () => {
  const findings = [judgedFinding({ decision }), judgedFinding({ refutation })];
  const results = toSarif(reviewOutcome({ findings }), "0.1.0").runs[0]?.results ?? [];
  expect(results.map((result) => ("suppressions" in result ? JSON.stringify(result.suppressions) : null))).toEqual([
    expect.stringContaining("refused: by design"),
    expect.stringContaining("refuted: guarded"),
  ]);
});
