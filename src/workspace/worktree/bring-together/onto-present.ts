import { makePatch } from "../../git/patch-text.ts";
import type { PrivateWork } from "../../git/private-git.ts";
import { applyPatch } from "../../write/apply-patch.ts";
import { benchGit } from "./bench.ts";
import { combine, type Result } from "./combine.ts";
import { commitPresent } from "./present-commit.ts";

export type Arrival =
  /** In the user's tree, uncommitted. */
  | { readonly type: "arrived"; readonly files: readonly string[] }
  /** Nothing was written: these files do not merge with what is there. */
  | { readonly type: "conflict"; readonly files: readonly string[] };

/** The tree as it was found, and what it will become. */
interface Writing {
  readonly base: string;
  readonly commit: string;
}

/**
 * Merges a result into the user's work tree as it is now, with earlier results and whatever the user has edited meanwhile: all of it or
 * nothing. The folder is private to this call. Once it writes, the signal is no longer heeded. `beforeWriting`: what is noted there
 * lets finishArrival go on after we were killed.
 */
export async function ontoPresent(
  work: PrivateWork,
  result: Result,
  beforeWriting: (writing: Writing) => Promise<void> = async () => {},
): Promise<Arrival> {
  if (result.commit === result.base) return { type: "arrived", files: [] };
  const present = await commitPresent(work, "as it is\n");
  const { commit, conflicts } = await combine(work, present, [result]);
  const [conflict] = conflicts;
  if (conflict !== undefined) return { type: "conflict", files: conflict.files.map(({ path }) => path) };
  const patch = await makePatch(benchGit(work, "index.merge"), present, commit, { renames: true });
  await beforeWriting({ base: present, commit });
  const applied = await applyPatch(work.tree, { base: present, patch }, work.folder, work.signal);
  if (applied.type === "conflicts") return { type: "conflict", files: applied.paths };
  return { type: "arrived", files: applied.type === "applied" ? applied.files.map(({ path }) => path) : [] };
}
