import type * as z from "zod/mini";

/** A line of JSON in the form of the schema; null for anything else. */
export function parseJsonLine<T>(line: string, schema: z.ZodMiniType<T>): T | null {
  const { success, data } = schema.safeParse(parseJson(line));
  return success ? data : null;
}

/** The value of a JSON text; undefined when it is not JSON, which no schema of ours takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
