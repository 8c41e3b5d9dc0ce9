import { join } from "node:path";
import * as z from "zod/mini";
import { parseJson } from "../../files/json-line.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { writeWhole } from "../../files/write-whole.ts";

/** The way of a result into the tree: commits of the tree as it was found, and as it will become. */
export type Arriving = Readonly<z.infer<typeof schema>>;

const schema = z.object({ base: z.string(), commit: z.string() });

/** Where a delegation's own folder keeps what was done apart. */
export function workPatch(folder: string): string {
  return join(folder, "work.patch");
}

/** Notes that a result is about to be written into the tree. */
export async function noteArrival(folder: string, arriving: Arriving): Promise<void> {
  await writeWhole(join(folder, NOTE), JSON.stringify(arriving));
}

/** Null: writing was not begun. */
export function notedArrival(folder: string): Arriving | null {
  const { success, data } = schema.safeParse(parseJson(readPlainOr(join(folder, NOTE), "")));
  return success ? data : null;
}

const NOTE = "arrival.json";
