import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError, runGit } from "../git/git.ts";
import { fieldsOf } from "../git/raw-names.ts";
import type { IndexGit } from "../git/read-status.ts";
import { type EntryChange, indexEntries, sameEntry } from "../git/tree-entries.ts";

/**
 * Brings the user's own index up to date with a commit that was made on another index: exactly its files. What was staged of other
 * files stays. Of files that no one meant to commit (a hook added them) only those whose entry is still the one before. Never rejects;
 * resolves with the reason why the index could not be written, or with null.
 */
export async function followCommit(
  tree: WorkTree,
  changes: readonly EntryChange[],
  meant: ReadonlySet<string>,
): Promise<string | null> {
  try {
    const git = await ownIndex(tree);
    const isMeant = ({ path }: EntryChange) => meant.has(path);
    const entries = changes.every(isMeant) ? new Map() : await indexEntries(git);
    const due = changes.filter((one) => isMeant(one) || sameEntry(entries.get(one.path) ?? null, one.before));
    if (due.length === 0) return null;
    await patiently(() => git(["update-index", "-z", "--index-info"], records(due)));
    // Compares the files with their new entries, as the next `git status` would; its exit code says whether any differ.
    await git(["update-index", "-q", "--refresh"]).catch(() => {});
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** One write for all. Those that go come first: a file may give way to a folder. */
function records(changes: readonly EntryChange[]): Uint8Array {
  const gone = changes.flatMap(({ path, before, after }) =>
    after === null ? [`0 ${"0".repeat(before?.id.length ?? 0)}\t${path}\0`] : [],
  );
  const put = changes.flatMap(({ path, after }) => (after === null ? [] : [`${after.mode} ${after.id}\t${path}\0`]));
  return Buffer.from([...gone, ...put].join(""), "latin1");
}

/** Git on the user's index, which keeps the form that they have chosen for it. */
async function ownIndex({ root }: WorkTree): Promise<IndexGit> {
  // Ours is the last of all values.
  const told = fieldsOf(await runGit(["config", "-z", "--get-all", "core.splitIndex"], { cwd: root }));
  const split = told.at(-2);
  const config = ["core.untrackedCache=keep", ...(split === undefined ? [] : [`core.splitIndex=${split}`])];
  return (command, input) => runGit(command, { cwd: root, config, ...(input ? { input } : {}) });
}

/** Another git may have the index for a moment: an editor that looks at the status. */
async function patiently(write: () => Promise<unknown>): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (left === 0 || !(error instanceof GitError) || !/\.lock': File exists/.test(error.stderr)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

const TRIES = 10;
const PAUSE_MS = 50;
