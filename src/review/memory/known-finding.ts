import * as z from "zod/mini";
import { CATEGORIES, SEVERITIES } from "../finding/finding.ts";
import { type Decision, RESOLUTIONS } from "../verdict/verdict.ts";

const remembered = z.object({
  id: z.string(),
  category: z.enum(CATEGORIES),
  symbol: z.string(),
  /** The quoted code without white space. */
  code: z.string(),
  path: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
});

/** A line of the memory. */
export const memoryEntry = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("review"),
    review: z.string(),
    at: z.string(),
    findings: z.array(remembered),
    /** Known findings whose place was read again, and which were not reported any more. */
    resolved: z.array(z.string()),
  }),
  // Nothing was read: it is listed, and no one compares with it.
  z.object({ type: z.literal("not_reviewed"), review: z.string(), at: z.string() }),
  z.object({
    type: z.literal("decision"),
    finding: z.string(),
    resolution: z.enum(RESOLUTIONS),
    why: z.string(),
    at: z.string(),
  }),
]);

export type MemoryEntry = z.infer<typeof memoryEntry>;

type Remembered = z.infer<typeof remembered>;

/** What all reviews of a project together know of one finding. */
export interface KnownFinding extends Remembered {
  /** The review that reported it last. */
  readonly review: string;
  readonly open: boolean;
  readonly decision: Decision | null;
}

/** The pure function from the memory's lines to what is known, oldest finding first. */
export function foldMemory(entries: readonly MemoryEntry[]): ReadonlyMap<string, KnownFinding> {
  const known = new Map<string, KnownFinding>();
  for (const entry of entries) {
    if (entry.type === "not_reviewed") continue;
    if (entry.type === "decision") {
      const { finding, resolution, why, at } = entry;
      const found = known.get(finding);
      if (found !== undefined) known.set(finding, { ...found, decision: { resolution, why, at } });
      continue;
    }
    for (const id of entry.resolved) {
      const found = known.get(id);
      if (found !== undefined) known.set(id, { ...found, open: false });
    }
    for (const finding of entry.findings) {
      const before = known.get(finding.id);
      // Found again after it was called fixed: that decision did not hold.
      const decision = before?.decision?.resolution === "fixed" ? null : (before?.decision ?? null);
      known.set(finding.id, { ...finding, review: entry.review, open: true, decision });
    }
  }
  return known;
}
