import { UsageError } from "../../errors.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { GitError, runGit } from "../../workspace/git/git.ts";

/**
 * The commit that a ref names. `flag` is what the user wrote, for the message.
 * @throws UsageError when there is none, or when this clone is too shallow to have it
 */
export async function commitOf(tree: WorkTree, flag: string, ref: string, signal: AbortSignal): Promise<string> {
  const found = await ask(tree, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], signal);
  if (found !== null) return found;
  if (ref === "" || !(await isShallow(tree, signal)))
    throw new UsageError(`${flag}: there is no commit ${ref || "named"} here`, "Name one that git log shows.");
  throw new UsageError(`${flag}: there is no commit ${ref} in this shallow clone`, "Fetch it: git fetch --unshallow");
}

/**
 * Where two histories part.
 * @throws UsageError when they have no common commit here
 */
export async function mergeBase(
  tree: WorkTree,
  { flag, one, other }: { readonly flag: string; readonly one: string; readonly other: string },
  signal: AbortSignal,
): Promise<string> {
  const base = await ask(tree, ["merge-base", one, other], signal);
  if (base !== null) return base;
  const shallow = await isShallow(tree, signal);
  const why = shallow ? "this clone is too shallow to have the common commit" : "the two have no commit in common";
  throw new UsageError(`${flag}: ${why}`, shallow ? "Fetch it: git fetch --unshallow" : "Name another base.");
}

/** The first parent; null for a root commit. */
export async function parentOf(tree: WorkTree, commit: string, signal: AbortSignal): Promise<string | null> {
  const [, parent] = ((await ask(tree, ["rev-list", "--parents", "-n", "1", commit], signal)) ?? "").split(" ");
  if (parent !== undefined) return parent;
  const raw = await runGit(["cat-file", "commit", commit], { cwd: tree.root, signal });
  if (!/^parent /m.test(raw.slice(0, raw.indexOf("\n\n")))) return null;
  throw new UsageError(
    `--commit ${commit.slice(0, 10)}: this shallow clone does not have the commit before it`,
    "Fetch it: git fetch --unshallow",
  );
}

async function isShallow(tree: WorkTree, signal: AbortSignal): Promise<boolean> {
  return (await ask(tree, ["rev-parse", "--is-shallow-repository"], signal)) === "true";
}

/** What git prints; null where it says no. */
async function ask({ root }: WorkTree, command: readonly string[], signal: AbortSignal): Promise<string | null> {
  try {
    return (await runGit(command, { cwd: root, signal })).trim();
  } catch (error) {
    if (error instanceof GitError && (error.exitCode === 1 || error.exitCode === 128)) return null;
    throw error;
  }
}
