import { identityOf } from "../finding/identity.ts";
import type { Comparison } from "../memory/compare.ts";
import type { MemoryEntry } from "../memory/known-finding.ts";
import type { JudgedFinding } from "../verdict/verdict.ts";

/** What the memory keeps of a review. Refuted findings are not in it: they never were faults. */
export function memoryLine(
  review: string,
  findings: readonly JudgedFinding[],
  { findings: all, missing }: Comparison,
): MemoryEntry {
  const decided = all.filter(({ decision }) => decision !== null);
  return {
    type: "review",
    review,
    at: new Date().toISOString(),
    findings: [...findings, ...decided].map((finding) => {
      const { id, category, symbol, path, title, severity } = finding;
      return { id, category, symbol, code: identityOf(finding, symbol).code, path, title, severity };
    }),
    resolved: missing.filter(({ now }) => now === "resolved").map(({ id }) => id),
  };
}
