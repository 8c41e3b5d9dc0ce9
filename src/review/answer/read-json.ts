import * as z from "zod/mini";
import { parseShallowJson } from "../../files/json-line.ts";

/** A text read as an answer, or why it is not one. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

/** Reads JSON of a schema, also out of a fence, as models like to write it. */
export function readJson<T>(text: string, schema: z.core.$ZodType<T>): Read<T> {
  let value: unknown;
  try {
    value = parseShallowJson(text.trim().replace(/^```(?:json)?\s*\n([\s\S]*)\n```$/, "$1"));
  } catch (error) {
    return { ok: false, fault: `it cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    fault: `${issue?.path.join(".") || "the answer"}: ${issue?.message ?? "does not fit the schema"}`,
  };
}

/** As the providers want it: all properties required, none beside them, and no bounds (which they refuse, and zod holds anyway). */
export function strictSchema(schema: z.core.$ZodType): unknown {
  return withoutBounds(z.toJSONSchema(schema));
}

function withoutBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBounds);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !(BOUNDS.has(key) && typeof inner !== "object"));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutBounds(inner)]));
}

const BOUNDS: ReadonlySet<string> = new Set(["minLength", "maxLength", "minimum", "maximum", "$schema"]);
