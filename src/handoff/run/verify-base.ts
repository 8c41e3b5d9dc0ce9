import { UsageError } from "../../errors.ts";
import { oneLine } from "../../text/defuse.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { GitError, type GitOptions, runGit } from "../../workspace/git/git.ts";

/** What work that is there already is compared with. */
export interface VerifyBase {
  /** A git tree. */
  readonly tree: string;
  /** What else lies between it and the work, in sentences. */
  readonly remarks: readonly string[];
}

/**
 * The tree of the base, or of the commit where the work branched off from it; of a repository without commits, the empty one.
 * @throws UsageError for what names no commit, and where a shallow clone ends before both meet
 */
export async function verifyBase(tree: WorkTree, base: string | null, signal: AbortSignal): Promise<VerifyBase> {
  const options = { cwd: tree.root, signal };
  const treeOf = async (commit: string) =>
    (await runGit(["rev-parse", "--quiet", "--verify", `${commit}^{tree}`], options)).trim();
  try {
    if (base === null) return { tree: await treeOf("HEAD"), remarks: [] };
    await runGit(["rev-parse", "--quiet", "--verify", `${base}^{commit}`], options);
    const point = await branchPoint(base, options);
    return { tree: await treeOf(point ?? base), remarks: point === null ? [APART] : await mergedSince(point, options) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (base !== null)
      throw new UsageError(`--base ${base} names no commit of this repository.`, "Name one that git log shows.");
    const empty = await runGit(["hash-object", "-t", "tree", "--stdin"], { ...options, input: Buffer.alloc(0) });
    return { tree: empty.trim(), remarks: [] };
  }
}

const APART = "The base and HEAD have no commit in common: all that differs between them was judged.";

/** What others have done on the base since is not this work's doing. Null: the histories have nothing in common. */
async function branchPoint(base: string, options: GitOptions): Promise<string | null> {
  try {
    return (await runGit(["merge-base", "--", base, "HEAD"], options)).trim();
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error;
    const isShallow = (await runGit(["rev-parse", "--is-shallow-repository"], options)).trim() === "true";
    if (!isShallow) return null;
    const hint = "Fetch more of the history first: git fetch --unshallow, or git fetch --deepen=100.";
    throw new UsageError(
      `This clone is shallow: no commit that --base ${base} and HEAD have in common is in it.`,
      hint,
    );
  }
}

/** Commits that came in by a merge were made elsewhere, and yet lie between the base and HEAD. */
async function mergedSince(point: string, options: GitOptions): Promise<readonly string[]> {
  const list = async (...flags: readonly string[]) =>
    (await runGit(["log", "--no-merges", ...flags, "--format=%h %s", `${point}..HEAD`], options))
      .split("\n")
      .filter((line) => line !== "");
  const own = new Set(await list("--first-parent"));
  const merged = (await list()).filter((commit) => !own.has(commit));
  if (merged.length === 0) return [];
  const named = merged
    .slice(0, MOST_NAMED)
    .map((commit) => oneLine(commit, 60))
    .join("; ");
  const rest = merged.length > MOST_NAMED ? `; and ${merged.length - MOST_NAMED} more` : "";
  const how = "to leave them out, let --base name the branch that was merged";
  return [
    `These commits are not the branch's own but came in by a merge, and were judged with it (${how}): ${named}${rest}.`,
  ];
}

const MOST_NAMED = 10;
