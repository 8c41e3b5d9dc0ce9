import * as z from "zod/mini";
import { CATEGORIES, SEVERITIES } from "../finding/finding.ts";
import { type Read, readJson, strictSchema } from "./read-json.ts";

/** What a reviewer must answer. Every property is required, and nullable where there may be nothing: strict schemas know no optional ones. */
const answer = z.object({
  summary: z.string(),
  verdict: z.enum(["clean", "findings"]),
  files: z.array(
    z.object({
      path: z.string(),
      status: z.enum(["reviewed", "not_reviewed"]),
      reason: z.nullable(z.string()),
    }),
  ),
  findings: z.array(
    z.object({
      title: z.string().check(z.minLength(1)),
      severity: z.enum(SEVERITIES),
      confidence: z.number().check(z.minimum(0), z.maximum(1)),
      category: z.enum(CATEGORIES),
      scenario: z.string(),
      path: z.string(),
      code: z.string(),
      suggestion: z.nullable(z.string()),
    }),
  ),
});

export type ReviewerAnswer = z.infer<typeof answer>;

/** Reads a reviewer's answer. Codex passes the schema on and enforces nothing, so this decides. */
export function readReviewerAnswer(text: string): Read<ReviewerAnswer> {
  const read = readJson(text, answer);
  if (!read.ok) return read;
  const { verdict, findings } = read.value;
  if (verdict === "clean" && findings.length > 0) return { ok: true, value: { ...read.value, verdict: "findings" } };
  if (verdict === "findings" && findings.length === 0) {
    return { ok: false, fault: 'verdict is "findings" and the list of findings is empty' };
  }
  return read;
}

/** The JSON Schema that goes to the model. */
export const REVIEWER_SCHEMA: unknown = strictSchema(answer);
