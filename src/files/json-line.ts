import type * as z from "zod/mini";

/** A line of JSON in the form of the schema; null for anything else. */
export function parseJsonLine<T>(line: string, schema: z.ZodMiniType<T>): T | null {
  const { success, data } = schema.safeParse(parseJson(line));
  return success ? data : null;
}

/**
 * The value of a JSON text that someone else wrote, if it is not deeper than we can walk.
 * @throws Error, in one line
 */
export function parseShallowJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  requireShallow(value);
  return value;
}

/** @throws Error for a value that is too deep for functions that go down into it */
export function requireShallow(value: unknown): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_DEPTH) throw new Error(TOO_DEEP);
    const inside = new Set<unknown>();
    for (const one of level)
      if (isContainer(one)) for (const inner of Object.values(one)) if (isContainer(inner)) inside.add(inner);
    level = [...inside];
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

// What people and models write is seldom ten levels deep; each level costs us frames of the stack.
const MOST_DEPTH = 200;
export const TOO_DEEP = `it is nested more than ${MOST_DEPTH} levels deep`;

/** The value of a JSON text; undefined when it is not JSON, which no schema of ours takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
