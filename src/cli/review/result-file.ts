import * as z from "zod/mini";
import { parseJsonLine } from "../../files/json-line.ts";
import { VERDICTS } from "../../review/verdict/verdict.ts";

const schema = z.object({
  verdict: z.enum(VERDICTS),
  target: z.string(),
  counts: z.object({ findings: z.number(), new: z.number(), blocking: z.number() }),
});

/** What a list shows of a review's result.json. */
export type ReviewFile = z.infer<typeof schema>;

/** Null: it is gone, or not one of ours. */
export function reviewFile(text: string): ReviewFile | null {
  return parseJsonLine(text, schema);
}
