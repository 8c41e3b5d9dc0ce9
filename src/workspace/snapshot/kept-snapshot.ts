import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseJson } from "../../files/json-line.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { Snapshot } from "./snapshot.ts";

const pairs = z.array(z.tuple([z.string(), z.string()]));
const schema = z.object({
  tree: z.string(),
  head: z.nullable(z.string()),
  branch: z.nullable(z.string()),
  dirty: z.array(z.string()),
  filters: z.array(z.string()),
  stamps: pairs,
  refs: pairs,
});

/** Keeps a snapshot beside its objects in the private folder, for the process that looks after we were killed. */
export async function keepSnapshot(folder: string, snapshot: Snapshot): Promise<void> {
  const kept: z.infer<typeof schema> = {
    ...{ tree: snapshot.tree, head: snapshot.head, branch: snapshot.branch },
    ...{ dirty: [...snapshot.dirty], filters: [...snapshot.filters] },
    ...{
      stamps: [...snapshot.stamps].map(([name, stamp]) => [name, stamp]),
      refs: [...snapshot.refs].map(([ref, id]) => [ref, id]),
    },
  };
  await writeWhole(join(folder, KEPT), JSON.stringify(kept));
}

/** The snapshot that a process which is dead by now kept there; null: it had none yet. The folder can then take another one. */
export async function keptSnapshot(folder: string): Promise<Snapshot | null> {
  const parsed = schema.safeParse(parseJson(readPlainOr(join(folder, KEPT), "")));
  if (!parsed.success) return null;
  // A git that was killed with its process has left its lock.
  await rm(join(folder, "index.lock"), { force: true });
  const { stamps, refs, ...snapshot } = parsed.data;
  return { ...snapshot, stamps: new Map(stamps), refs: new Map(refs) };
}

const KEPT = "before.json";
