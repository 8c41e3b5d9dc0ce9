import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Changes, ListedChanges } from "../../ask/model/evidence.ts";
import { messageOf } from "../../errors.ts";
import { PRIVATE_FOLDER, writeWhole } from "../../files/write-whole.ts";
import { shellQuoted } from "../../text/quote.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { rawOf } from "../../workspace/git/raw-names.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import { lstatOf } from "../../workspace/git/stamps.ts";
import { recordIgnored } from "../../workspace/snapshot/ignored-tree.ts";
import { takeSnapshot } from "../../workspace/snapshot/snapshot.ts";
import { aloneInTree } from "../../workspace/write/alone-in-tree.ts";
import { type PreparedUndo, prepareUndo, restoreFiles, type Undo } from "../../workspace/write/restore-files.ts";
import { stashFiles } from "../../workspace/write/stash-files.ts";
import type { ChangedFile, Facts } from "../facts/facts.ts";
import { type Finding, isViolation } from "../judge/finding.ts";
import { offendingFiles } from "../judge/own-files.ts";
import type { Judged, Undone } from "./outcome.ts";

export type OnViolation = "keep" | "revert" | "stash";

export interface Violations {
  readonly tree: WorkTree;
  readonly state: string;
  /** The private folder of the run's snapshots. */
  readonly snapshots: string;
  /** The run's own folder: patches stay there. */
  readonly folder: string;
  readonly taskId: string;
  readonly judged: Judged;
  readonly changes: Changes;
  /** Nothing more should happen once a run was cancelled. */
  readonly cancelled: boolean;
}

/**
 * Takes away exactly the files that broke the contract, after saving what they were; null: there are none, or they are kept. Where
 * another run works in the same tree the edits could be either run's: then nothing is touched.
 */
export async function undoViolations(what: OnViolation, violations: Violations): Promise<Undone | null> {
  const { judged, changes } = violations;
  const found = judged.findings.filter(isViolation);
  if (what === "keep" || found.length === 0) return null;
  if (violations.cancelled) return refused("the run was cancelled");
  if (changes.type !== "listed") return refused("the work tree could not be compared");
  if (changes.alsoRunning.length > 0)
    return refused(`another run of ours worked in the same tree: ${changes.alsoRunning.join(", ")}`);
  const paths = [...new Set(found.flatMap(({ path }) => path ?? []))];
  const { facts } = judged;
  if (paths.length === 0 || facts === null) return refused("no single file is at fault");
  try {
    return await aloneInTree(violations, () => undo(what, { ...violations, changes, found, facts }));
  } catch (error) {
    return refused(messageOf(error));
  }
}

/** Violations that can be undone: what changed is known, and which files are at fault. */
interface Undoable extends Violations {
  readonly changes: ListedChanges;
  readonly found: readonly Finding[];
  readonly facts: Facts;
}

async function undo(
  what: "revert" | "stash",
  { tree, snapshots, folder, taskId, judged, changes, found, facts }: Undoable,
): Promise<Undone> {
  const { filters } = await readSettings(tree);
  const work: PrivateWork = { tree, folder: snapshots, filters };
  // A file that is ignored no longer is in both pairs of trees, and only one of them knows what it was.
  const files = offendingFiles(found, facts);
  const now = await presentTrees(work, judged.ignoredTrees !== null);
  const own = await presentUndo(work, changes.trees.before, now.own, files.own);
  const patches = join(folder, "undone");
  await mkdir(patches, { recursive: true, mode: PRIVATE_FOLDER });
  const [ownPatch, ignoredPatch] = [join(patches, "changes.patch"), join(patches, "ignored.patch")];
  // Git has no stash for what it ignores: such files are put back, and their patch is kept. All is prepared before anything is written.
  const apart =
    judged.ignoredTrees === null
      ? null
      : await prepareUndo(await presentUndo(work, judged.ignoredTrees.before, now.ignored, files.ignored));
  const done =
    what === "stash"
      ? await stashFiles(own, `ask-codex: out of the contract ${taskId}`, ownPatch)
      : await restoreFiles(own, ownPatch);
  const others = apart === null ? [] : await putBack(apart, ignoredPatch, done.paths.length > 0);
  // Git puts no stash upon a file that is dirty.
  const pops = what === "stash" && !done.paths.some((path) => changes.dirtyBefore.includes(path));
  const back = [
    ...(done.paths.length === 0 ? [] : [pops ? "git stash pop" : `git apply ${shellQuoted(ownPatch)}`]),
    ...(others.length === 0 ? [] : [`git apply ${shellQuoted(ignoredPatch)}`]),
  ];
  const undone = [...done.paths, ...others].sort();
  if (undone.length === 0)
    return refused(
      "what the files were before is not known (big, filtered, in a submodule, or no files of the work tree)",
    );
  const left = [...new Set(found.flatMap(({ path }) => path ?? []))].filter((path) => !undone.includes(path));
  return {
    type: what === "stash" ? "stashed" : "reverted",
    paths: undone,
    left,
    patches,
    bringBack: `cd ${shellQuoted(tree.root)} && ${back.join(" && ")}`,
  };
}

/** What lies on the disk now: validation commands may have written into the files since they were judged. */
async function presentTrees(
  work: PrivateWork,
  ignored: boolean,
): Promise<{ readonly own: string; readonly ignored: string }> {
  const { tree } = await takeSnapshot(work.tree, work.folder);
  return { own: tree, ignored: ignored ? (await recordIgnored(work, NOTHING_MORE, null)).tree : tree };
}

async function presentUndo(
  work: PrivateWork,
  before: string,
  after: string,
  files: readonly ChangedFile[],
): Promise<Undo> {
  return { ...work, before, after, files: files.flatMap((file) => presentFiles(work, file)) };
}

/** A change by its names, each as it is by now; one that was made and is gone again needs no undoing. */
function presentFiles({ tree }: PrivateWork, { path, from, kind }: ChangedFile): Undo["files"] {
  const made = kind === "added" || kind === "renamed";
  const names = [{ path, before: !made }, ...(from === undefined ? [] : [{ path: from, before: true }])];
  return names.flatMap(({ path: name, before }) => {
    const stats = lstatOf(tree, rawOf(name));
    const after = stats !== undefined && !stats.isDirectory();
    if (!before && !after) return [];
    return [{ path: name, kind: !before ? ("added" as const) : after ? ("changed" as const) : ("deleted" as const) }];
  });
}

/** The other files are through by then: a disk that fails in this moment leaves these, and that is reported. */
async function putBack(prepared: PreparedUndo, patch: string, begun: boolean): Promise<readonly string[]> {
  if (prepared.paths.length === 0) return [];
  try {
    await writeWhole(patch, prepared.patch);
    await prepared.write();
    return prepared.paths;
  } catch (error) {
    if (!begun) throw error;
    return [];
  }
}

const NOTHING_MORE = { matches: () => false, reaches: () => false };

function refused(reason: string): Undone {
  return { type: "refused", reason };
}
