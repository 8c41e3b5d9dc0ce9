import { SEVERITIES } from "../finding/finding.ts";
import { isOpen, type JudgedFinding } from "../verdict/verdict.ts";

/** Orders findings as a reader wants them: what is open first, then the worst, the surest, and by place. */
export function byWeight(one: JudgedFinding, other: JudgedFinding): number {
  return (
    Number(isOpen(other)) - Number(isOpen(one)) ||
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    other.confidence - one.confidence ||
    placeOf(one).localeCompare(placeOf(other))
  );
}

function placeOf({ path, anchor }: JudgedFinding): string {
  const line = anchor.type === "exact" ? anchor.line : anchor.type === "ambiguous" ? (anchor.lines[0] ?? 0) : 0;
  return `${path}:${String(line).padStart(9, "0")}`;
}
