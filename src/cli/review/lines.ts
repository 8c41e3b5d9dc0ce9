import { placeWords } from "../../review/finding/place-words.ts";
import type { ReviewOutcome } from "../../review/run/outcome.ts";
import { isOpen } from "../../review/verdict/verdict.ts";
import { oneLine } from "../../text/defuse.ts";
import { lines } from "../output/value-lines.ts";

/** Where report and alerts are; null: no alerts were asked for. */
export interface ReviewPlaces {
  readonly report: string;
  readonly sarif: string | null;
}

/** The keys of a review on stdout. */
export function reviewPairs(outcome: ReviewOutcome, { report, sarif }: ReviewPlaces): string {
  const { verdict, coverage, findings, blocking, error } = outcome;
  const open = findings.filter(isOpen);
  const read = coverage.filter(({ status }) => status === "reviewed").length;
  return lines([
    ["review", outcome.reviewId],
    ["verdict", verdict],
    ["status", outcome.status],
    ["error_kind", error?.kind ?? null],
    ["findings", open.length],
    ["new", open.filter(({ state }) => state === "new").length],
    ["blocking", blocking.length],
    ["coverage", `${read}/${coverage.length}`],
    ["sarif", sarif],
    ["output_path", report],
  ]);
}

// Claude Code shows the head of long output; the report has the rest.
const MOST_LISTED = 10;

/** What stderr says at the end: the worst findings, then why the review failed. */
export function reviewLines({ verdict, findings, error, signal }: ReviewOutcome): readonly string[] {
  if (verdict === "nothing") return ["[codex] Nothing to review"];
  const open = findings.filter(isOpen);
  const listed = open.slice(0, MOST_LISTED).map(({ severity, path, anchor, title }) => {
    return `[codex] ${severity} ${placeWords(path, anchor)}: ${oneLine(title, 100)}`;
  });
  const more = open.length > MOST_LISTED ? [`[codex] and ${open.length - MOST_LISTED} more`] : [];
  const failed =
    error === null ? [] : [`[ERROR] ${error.kind}: ${oneLine(error.message, 300)}`, `[codex] ${error.hint}`];
  const stopped = signal === null ? [] : [`[codex] Ended by ${signal}`];
  return [...listed, ...more, ...failed, ...stopped];
}
