import { readFile } from "node:fs/promises";
import type * as z from "zod/mini";
import { isErrno, messageOf } from "../errors.ts";

/** What a file turned out to be. A corrupt one is reported and kept, never overwritten or taken for empty. */
export type JsonFile<T> =
  | { readonly type: "absent" }
  | { readonly type: "valid"; readonly value: T }
  | { readonly type: "corrupt"; readonly reason: string };

/** Reads a JSON file and checks it against its schema. Throws only for what is neither absence nor content (EACCES, EIO). */
export async function readJson<T>(path: string, schema: z.ZodMiniType<T>): Promise<JsonFile<T>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return { type: "absent" };
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
