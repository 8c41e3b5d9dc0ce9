import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { diffTrees, type FileChange } from "../../workspace/git/diff-trees.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { runGit } from "../../workspace/git/git.ts";
import { makePatch } from "../../workspace/git/patch-text.ts";
import { type PrivateWork, privateGit } from "../../workspace/git/private-git.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import { takeSnapshot, treeOfCommit } from "../../workspace/snapshot/snapshot.ts";
import { commitOf, mergeBase, parentOf } from "./resolve-commit.ts";

/** What to review, as the command line says it. */
export type TargetRequest =
  | { readonly type: "uncommitted" }
  | { readonly type: "base"; readonly ref: string }
  | { readonly type: "commit"; readonly ref: string }
  | { readonly type: "range"; readonly from: string; readonly to: string }
  /** Two trees whose objects are in `folder`: what a run has changed, and what lies in its work tree now. */
  | {
      readonly type: "trees";
      readonly name: string;
      readonly before: string;
      readonly after: string;
      readonly folder: string;
    };

/** A change to review: two trees, and where its new side can be read. */
export interface Target {
  /** For people: `what is not committed`, `v1..v2`. */
  readonly name: string;
  readonly before: { readonly tree: string; readonly commit: string | null };
  /** `commit` is null where the new side is the work tree itself. */
  readonly after: { readonly tree: string; readonly commit: string | null };
  /** Every file that differs, by path. */
  readonly files: readonly FileChange[];
  /** The new side is what lies in the user's work tree. */
  readonly inPlace: boolean;
  /** The change as a patch on the disk, where Codex can read; null: its git shows the change. */
  readonly patch: string | null;
  readonly work: PrivateWork;
}

/**
 * Finds what to review, by git, and touches nothing of the user's.
 * @throws UsageError for a ref that is unknown, or whose history is not here
 */
export async function resolveTarget(
  request: TargetRequest,
  { tree, folder, signal }: { readonly tree: WorkTree; readonly folder: string; readonly signal: AbortSignal },
): Promise<Target> {
  if (request.type === "trees") return ofTrees(request, { tree, folder, signal });
  const now = await takeSnapshot(tree, folder, signal);
  const work: PrivateWork = { tree, folder, filters: now.filters, signal };
  const ends = await endsOf(request, { tree, head: now.head, signal });
  const before = { tree: await treeOf(work, ends.before), commit: ends.before };
  const committed = ends.after === null ? null : await treeOf(work, ends.after);
  const after = { tree: committed ?? now.tree, commit: ends.after };
  const side = (id: string) => ({ tree: id, filters: now.filters });
  const files = await diffTrees({ tree, folder }, side(before.tree), side(after.tree), signal);
  const asCommitted = ends.after === null || [committed, treeOfCommit(ends.after)].includes(now.tree);
  const inPlace = asCommitted && (ends.after === null || ends.after === now.head);
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return { name: ends.name, before, after, files: sorted, inPlace, patch: null, work };
}

async function ofTrees(
  { name, before, after, folder: objects }: TargetRequest & { readonly type: "trees" },
  { tree, folder, signal }: { readonly tree: WorkTree; readonly folder: string; readonly signal: AbortSignal },
): Promise<Target> {
  const { filters } = await readSettings(tree, signal);
  const work: PrivateWork = { tree, folder: objects, filters, signal };
  const side = (id: string) => ({ tree: id, filters });
  const files = await diffTrees({ tree, folder: objects }, side(before), side(after), signal);
  await makePrivateFolder(folder);
  const patch = join(folder, "change.patch");
  await writeWhole(patch, await makePatch(privateGit(work, "index"), before, after, { renames: true }));
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const sides = { before: { tree: before, commit: null }, after: { tree: after, commit: null } };
  return { name, ...sides, files: sorted, inPlace: true, patch, work };
}

interface Ends {
  readonly name: string;
  /** A commit; null: nothing, so that everything is new. */
  readonly before: string | null;
  /** A commit; null: the work tree. */
  readonly after: string | null;
}

interface Where {
  readonly tree: WorkTree;
  readonly head: string | null;
  readonly signal: AbortSignal;
}

async function endsOf(
  request: Exclude<TargetRequest, { type: "trees" }>,
  { tree, head, signal }: Where,
): Promise<Ends> {
  switch (request.type) {
    case "uncommitted":
      return { name: "what is not committed", before: head, after: null };
    case "base": {
      if (head === null)
        throw new UsageError(
          `--base ${request.ref}: this branch has no commit yet`,
          "Commit something, or review with --uncommitted.",
        );
      const base = await commitOf(tree, `--base ${request.ref}`, request.ref, signal);
      const before = await mergeBase(tree, { flag: `--base ${request.ref}`, one: base, other: head }, signal);
      return { name: `this branch since ${request.ref}`, before, after: null };
    }
    case "commit": {
      const after = await commitOf(tree, `--commit ${request.ref}`, request.ref, signal);
      return { name: `commit ${after.slice(0, 10)}`, before: await parentOf(tree, after, signal), after };
    }
    case "range": {
      const flag = `--range ${request.from}..${request.to}`;
      const from = await commitOf(tree, flag, request.from, signal);
      const after = await commitOf(tree, flag, request.to, signal);
      const before = await mergeBase(tree, { flag, one: from, other: after }, signal);
      return { name: `${request.from}..${request.to}`, before, after };
    }
  }
}

async function treeOf({ tree, signal }: PrivateWork, commit: string | null): Promise<string> {
  const options = { cwd: tree.root, signal };
  // The empty tree, which every repository knows; its name depends on the repository's hash.
  if (commit === null)
    return (await runGit(["hash-object", "-t", "tree", "--stdin"], { ...options, input: new Uint8Array() })).trim();
  return (await runGit(["rev-parse", "--verify", `${commit}^{tree}`], options)).trim();
}
