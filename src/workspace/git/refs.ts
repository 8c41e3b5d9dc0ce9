import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { textOf } from "./raw-names.ts";

export interface RefMove {
  /** Full name, such as `refs/heads/main` or `refs/stash`. */
  readonly ref: string;
  /** Object ids; null: it did not exist, or no longer does. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Every ref with the object it points at; no object is opened. */
export async function readRefs(
  tree: Pick<WorkTree, "root">,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const output = await runGit(["for-each-ref", "--format=%(objectname) %(refname)"], { cwd: tree.root, signal });
  const lines = textOf(output).split("\n").slice(0, -1);
  return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
}

/** The refs that were created, moved or deleted, sorted by name. */
export function movedRefs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): RefMove[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((ref) => before.get(ref) !== after.get(ref))
    .sort()
    .map((ref) => ({ ref, from: before.get(ref) ?? null, to: after.get(ref) ?? null }));
}
