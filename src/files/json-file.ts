import type * as z from "zod/mini";
import { AskCodexError, isErrno, messageOf } from "../errors.ts";
import { readPlain } from "./read-plain.ts";

/** What a file turned out to be. A corrupt one is reported and kept, never overwritten or taken for empty. */
export type JsonFile<T> =
  | { readonly type: "absent" }
  | { readonly type: "valid"; readonly value: T }
  | { readonly type: "corrupt"; readonly reason: string };

// A record of ours has some kilobytes; a session's state holds its last task and the opening of a report.
const LIMIT = 32 * 1024 * 1024;

/**
 * Reads a JSON file of ours and checks it against its schema; what is not a plain file counts as corrupt. Throws only for what is
 * neither absence nor content (EACCES, EIO).
 */
export async function readJson<T>(path: string, schema: z.ZodMiniType<T>): Promise<JsonFile<T>> {
  let text: string;
  try {
    text = readPlain(path, { limit: LIMIT });
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return { type: "absent" };
    if (error instanceof AskCodexError) return { type: "corrupt", reason: error.message };
    throw error;
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return { type: "valid", value: parsed.data };
    return { type: "corrupt", reason: parsed.error.issues[0]?.message ?? "does not fit the schema" };
  } catch (error) {
    return { type: "corrupt", reason: messageOf(error) };
  }
}
