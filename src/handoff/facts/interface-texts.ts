import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { readBlobsIn } from "../../workspace/git/read-blobs.ts";
import { parseInterface } from "../document/interface-entry.ts";
import type { Texts } from "./facts.ts";
import type { TreePair } from "./ignored-watch.ts";

/** The files of a contract's interfaces on both sides, by path; null: there is no such text. */
export async function interfaceTexts(
  work: PrivateWork,
  { before, after }: TreePair,
  interfaces: readonly string[],
): Promise<ReadonlyMap<string, Texts>> {
  const paths = [...new Set(interfaces.flatMap((entry) => parseInterface(entry)?.path ?? []))];
  const [old, now] = await readBlobsIn(work, [
    { tree: before, paths },
    { tree: after, paths },
  ]);
  return new Map(paths.map((path) => [path, { before: old?.get(path) ?? null, after: now?.get(path) ?? null }]));
}
