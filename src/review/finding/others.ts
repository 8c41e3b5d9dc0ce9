import * as z from "zod/mini";
import { CATEGORIES, type Finding, type ReportedFinding, SEVERITIES } from "./finding.ts";
import { type FileLookup, placeFinding } from "./place-finding.ts";

/** Claude Code's `ReportFindings`: it names lines, which nothing proves, and seldom quotes. */
const claudes = z.object({
  file: z.string(),
  summary: z.string(),
  short_summary: z.optional(z.string()),
  failure_scenario: z.optional(z.string()),
  category: z.optional(z.string()),
  severity: z.optional(z.string()),
  code: z.optional(z.string()),
});

const ours = z.object({
  title: z.string(),
  severity: z.enum(SEVERITIES),
  confidence: z._default(z.number(), 0.5),
  category: z.enum(CATEGORIES),
  scenario: z.string(),
  path: z.string(),
  code: z._default(z.string(), ""),
  suggestion: z._default(z.nullable(z.string()), null),
});

const list = z.object({ findings: z.array(z.union([ours, claudes])) });

/** Reads findings of another reviewer, in our form or Claude Code's; a bare list is taken as well. Null: it is neither. */
export function readOthers(value: unknown): readonly ReportedFinding[] | null {
  const parsed = list.safeParse(Array.isArray(value) ? { findings: value } : value);
  if (!parsed.success) return null;
  return parsed.data.findings.map((finding) => ("title" in finding ? finding : fromClaude(finding)));
}

/** Places them like our own: a line that their file names is not believed. */
export function placeOthers(
  findings: readonly ReportedFinding[],
  voice: string,
  lookUp: FileLookup,
): readonly Finding[] {
  return findings.map((finding) => placeFinding(finding, voice, lookUp));
}

function fromClaude(finding: z.infer<typeof claudes>): ReportedFinding {
  const { file, summary, short_summary: short, failure_scenario: scenario, category, severity, code } = finding;
  return {
    title: short ?? summary.slice(0, 60),
    severity: severity === "important" ? "major" : severity === "nit" ? "nit" : "minor",
    confidence: 0.5,
    category: CATEGORIES.find((known) => known === category) ?? "correctness",
    scenario: scenario ?? summary,
    path: file,
    code: code ?? "",
    suggestion: null,
  };
}
