import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import { hashOf } from "../../workspace/watch/seals.ts";
import type { Contract } from "../document/handoff.ts";
import { commandFiles, isShellScript } from "./command-files.ts";
import type { ChangedFile } from "./facts.ts";
import type { TreePair } from "./ignored-watch.ts";

/** What is at each of these paths, by path: a hash, or null for nothing that can be run. */
export async function runnersAt(tree: WorkTree, paths: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const found = await inBatches(paths, async (path) => (await hashOf(join(tree.root, path), path))?.[1] ?? null);
  return new Map(paths.map((path, at) => [path, found[at] ?? null]));
}

/** What validation commands go through, after the work. `before`: as it was; null: no one looked. */
export async function lookAtRunners(
  { handoff, guardrails }: Pick<Contract, "handoff" | "guardrails">,
  work: PrivateWork,
  before: ReadonlyMap<string, string | null> | null,
  { files, trees }: { readonly files: readonly ChangedFile[]; readonly trees: TreePair },
) {
  const names = before === null ? commandFiles(work.tree.root, handoff.validation) : [...before.keys()];
  const now = await runnersAt(work.tree, names);
  const first = before ?? now;
  return {
    first,
    scripts: await shellScripts(work, trees, names),
    changed: changedRunners(first, now, files, { guardrails }),
  };
}

/** The programs among them that were exchanged where git does not look. New ones count where the work may bring no dependencies. */
function changedRunners(
  before: ReadonlyMap<string, string | null>,
  now: ReadonlyMap<string, string | null>,
  files: readonly ChangedFile[],
  { guardrails }: Pick<Contract, "guardrails">,
): readonly string[] {
  const seen = new Set(files.map(({ path }) => path));
  return [...before].flatMap(([path, hash]) => {
    if (seen.has(path) || now.get(path) === hash) return [];
    const isBrought =
      hash === null && !(path.startsWith("node_modules/.bin/") && guardrails.allowDependencies === false);
    return isBrought ? [] : [path];
  });
}

/** The shell scripts among these paths, as they were before the work. */
async function shellScripts(
  work: PrivateWork,
  { before }: TreePair,
  paths: readonly string[],
): Promise<readonly string[]> {
  const texts = await readBlobs(work, before, paths);
  return paths.filter((path) => texts.get(path) != null && isShellScript(path, texts.get(path) ?? null));
}
