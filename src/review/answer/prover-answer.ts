import * as z from "zod/mini";
import { type Read, readJson, strictSchema } from "./read-json.ts";

const answer = z.object({
  proofs: z.array(
    z.object({
      id: z.string(),
      /** A shell command that fails because of the fault; null: none was found. */
      command: z.nullable(z.string()),
      why: z.string(),
    }),
  ),
});

export type ProverAnswer = z.infer<typeof answer>;

export function readProverAnswer(text: string): Read<ProverAnswer> {
  return readJson(text, answer);
}

export const PROVER_SCHEMA: unknown = strictSchema(answer);
