import { messageOf } from "../../errors.ts";
import { parseShallowJson } from "../../files/json-line.ts";
import type { CheckResult } from "../model/checks.ts";

/**
 * Holds the final answer against the output schema that was asked for. Providers differ in how strictly they keep to it, and the
 * caller will parse what comes back.
 */
export async function checkAnswer(answer: string, schema: unknown): Promise<CheckResult> {
  const detail = await misfit(answer, schema);
  const passed = detail === "";
  return { type: "output_schema", subject: "the final answer", passed, exitCode: null, durationMs: null, detail };
}

/**
 * Why no answer could be checked against this schema, or null when one can: it is not a JSON Schema, or goes beyond what can be checked
 * here. An answer that was not checked would be no proof.
 */
export async function schemaFault(schema: unknown): Promise<string | null> {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return "it is not an object";
  try {
    await toValidator(schema);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

async function misfit(answer: string, schema: unknown): Promise<string> {
  let value: unknown;
  try {
    value = parseShallowJson(answer);
  } catch (error) {
    return `it is not JSON: ${messageOf(error)}`;
  }
  return (await toValidator(schema)).safeParse(value).error?.message ?? "";
}

async function toValidator(schema: unknown) {
  const { fromJSONSchema } = await import("zod");
  return fromJSONSchema(schema as Parameters<typeof fromJSONSchema>[0]);
}
