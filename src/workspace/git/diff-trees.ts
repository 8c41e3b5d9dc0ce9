import { existsSync } from "node:fs";
import { join } from "node:path";
import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { privateEnvironment, readNote } from "./private-index.ts";
import { fieldsOf, textOf } from "./raw-names.ts";
import { withoutFilters } from "./read-settings.ts";
import { MOST_RENAMES, parseRawDiff } from "./tree-entries.ts";

/** The mode of a repository inside of another one: a submodule, or one that is not declared. */
export const GITLINK = "160000";

/** The part of a snapshot that a comparison needs. */
export interface TreeOfSnapshot {
  readonly tree: string;
  /** The filter drivers that were configured when the tree was recorded. */
  readonly filters: readonly string[];
}

/** A work tree, and the private folder that its snapshots are in. */
export interface SnapshotStore {
  readonly tree: WorkTree;
  readonly folder: string;
}

export interface FileChange {
  /** Relative to the root of the work tree. */
  readonly path: string;
  /** `mode`: the executable bit alone. `type`: a file, a symbolic link or a repository became another of these. */
  readonly kind: "added" | "changed" | "deleted" | "renamed" | "mode" | "type";
  /** Lines; null where they say nothing: binary, big, filtered or unreadable files, and repositories. */
  readonly added: number | null;
  readonly removed: number | null;
  /** The former path of a renamed file. */
  readonly from?: string;
}

/** What differs between the trees of two snapshots in the same private folder. Files known by a stamp are in neither. */
export async function diffTrees(
  { tree, folder }: SnapshotStore,
  before: TreeOfSnapshot,
  after: TreeOfSnapshot,
  signal?: AbortSignal,
): Promise<FileChange[]> {
  if (before.tree === after.tree) return [];
  const formats = ["-r", "-z", "--raw", "--numstat", "--ignore-submodules=dirty"];
  const output = await runGit(["diff-tree", ...formats, "-M", `-l${MOST_RENAMES}`, before.tree, after.tree], {
    cwd: tree.root,
    env: { ...privateEnvironment(tree, folder), ...(await indexForAttributes(tree, folder)) },
    // Git may take the content of a file from the disk instead of its object.
    config: withoutFilters([...before.filters, ...after.filters]),
    signal,
  });
  return parseDiff(output);
}

/**
 * Git reads an index before it compares two trees: for attributes that are in no file on the disk. Where every such file is on the
 * disk, none is read instead, which in a big repository spares most of what a comparison costs.
 */
async function indexForAttributes(tree: WorkTree, folder: string): Promise<Record<string, string>> {
  const isWhole = !existsSync(join(tree.gitDir, "info", "sparse-checkout")) && !(await readNote(folder, "skipped"));
  return isWhole ? { GIT_INDEX_FILE: join(folder, "index.none") } : {};
}

/** Parses `git diff-tree -r -z --raw --numstat`: first all raw records, then the line counts of the same files. */
function parseDiff(output: string): FileChange[] {
  const { changes, rest } = parseRawDiff(fieldsOf(output).map(textOf));
  const counts = parseCounts(rest);
  return changes.map(({ path, from, status, before, after }) => {
    const isRepository = before?.mode === GITLINK || after?.mode === GITLINK;
    const lines = isRepository ? undefined : counts.get(path);
    const file = { path, kind: kindOf(status, before?.id === after?.id), ...(from === undefined ? {} : { from }) };
    return { ...file, added: lines?.added ?? null, removed: lines?.removed ?? null };
  });
}

function kindOf(status: string, sameContent: boolean): FileChange["kind"] {
  switch (status.charAt(0)) {
    case "A":
      return "added";
    case "D":
      return "deleted";
    case "R":
      return "renamed";
    case "T":
      return "type";
    case "M":
      return sameContent ? "mode" : "changed";
    default:
      throw new Error(`git diff-tree printed the status ${status}`);
  }
}

type Counts = Pick<FileChange, "added" | "removed">;

// <added> TAB <removed> TAB <path>, or the same with an empty path and then two fields, the old and the new one.
function parseCounts(fields: readonly string[]): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (let at = 0; at < fields.length; at += 1) {
    const [, added, removed, path] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(fields[at] ?? "") ?? [];
    if (path === undefined) throw new Error(`git diff-tree printed ${fields[at]}`);
    if (path === "") at += 2;
    counts.set(path || (fields[at] ?? ""), { added: lines(added), removed: lines(removed) });
  }
  return counts;
}

function lines(count: string | undefined): number | null {
  return count === undefined || count === "-" ? null : Number(count);
}
