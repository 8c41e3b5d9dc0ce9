import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Changes, ListedChanges } from "../ask/evidence.ts";
import { messageOf } from "../errors.ts";
import { PRIVATE_FOLDER } from "../files/write-whole.ts";
import type { WorkTree } from "../workspace/find-work-tree.ts";
import { readSettings } from "../workspace/read-settings.ts";
import { restoreFiles, type Undo } from "../workspace/restore-files.ts";
import { stashFiles } from "../workspace/stash-files.ts";
import type { Facts } from "./facts.ts";
import { type Finding, isViolation } from "./finding.ts";
import type { Judged, Undone } from "./handoff-outcome.ts";
import { offendingFiles } from "./own-files.ts";

export type OnViolation = "keep" | "revert" | "stash";

export interface Violations {
  readonly tree: WorkTree;
  /** The private folder of the run's snapshots. */
  readonly snapshots: string;
  /** The run's own folder: patches stay there. */
  readonly folder: string;
  readonly taskId: string;
  readonly judged: Judged;
  readonly changes: Changes;
}

/**
 * Takes away exactly the files that broke the contract, after saving what they were; null: there are none, or they are kept. Where
 * another run works in the same tree nobody can say whose edits they are: then nothing is touched.
 */
export async function undoViolations(what: OnViolation, violations: Violations): Promise<Undone | null> {
  const { judged, changes } = violations;
  const found = judged.findings.filter(isViolation);
  if (what === "keep" || found.length === 0) return null;
  if (changes.type !== "listed") return refused("the work tree could not be compared");
  if (changes.alsoRunning.length > 0)
    return refused(`another run of ours worked in the same tree: ${changes.alsoRunning.join(", ")}`);
  const paths = [...new Set(found.flatMap(({ path }) => path ?? []))];
  const { facts } = judged;
  if (paths.length === 0 || facts === null) return refused("no single file is at fault");
  try {
    return await undo(what, violations, changes, found, facts);
  } catch (error) {
    return refused(messageOf(error));
  }
}

async function undo(
  what: "revert" | "stash",
  { tree, snapshots, folder, taskId, judged }: Violations,
  changes: ListedChanges,
  found: readonly Finding[],
  facts: Facts,
): Promise<Undone> {
  const { filters } = await readSettings(tree);
  const work: Omit<Undo, "before" | "after" | "files"> = { tree, folder: snapshots, filters };
  // A file that is ignored no longer is in both pairs of trees, and only one of them knows what it was.
  const files = offendingFiles(found, facts);
  const patches = join(folder, "undone");
  await mkdir(patches, { recursive: true, mode: PRIVATE_FOLDER });
  const [own, ignored] = [join(patches, "changes.patch"), join(patches, "ignored.patch")];
  // Git has no stash for what it ignores: such files are put back, and their patch is kept.
  const apart =
    judged.ignoredTrees === null
      ? null
      : await restoreFiles({ ...work, ...judged.ignoredTrees, files: files.ignored }, ignored);
  const done =
    what === "stash"
      ? await stashFiles(
          { ...work, ...changes.trees, files: files.own },
          `ask-codex: out of the contract ${taskId}`,
          own,
        )
      : await restoreFiles({ ...work, ...changes.trees, files: files.own }, own);
  // Git puts no stash upon a file that is dirty.
  const pops = what === "stash" && !done.paths.some((path) => changes.dirtyBefore.includes(path));
  const back = [
    ...(done.paths.length === 0 ? [] : [pops ? "git stash pop" : `git apply ${quoted(own)}`]),
    ...(apart === null || apart.paths.length === 0 ? [] : [`git apply ${quoted(ignored)}`]),
  ];
  const undone = [...done.paths, ...(apart?.paths ?? [])].sort();
  if (undone.length === 0)
    return refused("what the files were before is not known (big, filtered, or no files of the work tree)");
  const left = [...new Set(found.flatMap(({ path }) => path ?? []))].filter((path) => !undone.includes(path));
  return {
    type: what === "stash" ? "stashed" : "reverted",
    paths: undone,
    left,
    patches,
    bringBack: `cd ${quoted(tree.root)} && ${back.join(" && ")}`,
  };
}

function refused(reason: string): Undone {
  return { type: "refused", reason };
}

/** For a shell. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
