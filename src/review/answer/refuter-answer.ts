import * as z from "zod/mini";
import { type Read, readJson, strictSchema } from "./read-json.ts";

const REFUTATIONS = ["confirmed", "plausible", "refuted"] as const;

const answer = z.object({
  answers: z.array(
    z.object({
      id: z.string(),
      answer: z.enum(REFUTATIONS),
      /** Where the quoted line stands that makes the finding impossible. */
      path: z.nullable(z.string()),
      quote: z.nullable(z.string()),
      why: z.string(),
    }),
  ),
});

export type RefuterAnswer = z.infer<typeof answer>;

export function readRefuterAnswer(text: string): Read<RefuterAnswer> {
  return readJson(text, answer);
}

export const REFUTER_SCHEMA: unknown = strictSchema(answer);
