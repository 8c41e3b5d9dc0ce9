import { createHash } from "node:crypto";
import { readLedger } from "../../ledger/read-ledger.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { GitError, runGit } from "../../workspace/git/git.ts";
import type { Contract } from "../document/handoff.ts";
import { pathPattern } from "../patterns/patterns.ts";

export interface FormerRunOptions {
  readonly tree: WorkTree;
  /** The state folder. */
  readonly state: string;
  readonly signal: AbortSignal;
}

/** A hash of all that a document says, wherever its lines are. */
export function documentMark({ handoff }: Contract): string {
  const said = JSON.stringify(handoff, (key, value) => (key === "line" ? undefined : value));
  return createHash("sha256").update(said).digest("hex").slice(0, 32);
}

/** What shows that the same document was carried out here before: a run in the ledger, or the commit that it asks for. Null: nothing. */
export async function formerRun(contract: Contract, place: FormerRunOptions): Promise<string | null> {
  return (await runInLedger(contract, place)) ?? (await commitInLog(contract, place));
}

async function runInLedger(contract: Contract, { tree, state }: FormerRunOptions): Promise<string | null> {
  const mark = documentMark(contract);
  const { entries } = await readLedger(state);
  const found = entries.findLast(
    ({ project, handoff }) => project === tree.root && handoff?.document === mark && handoff.verdict === "completed",
  );
  return found === undefined ? null : `run ${found.run_id} of ${found.time}`;
}

/** The commit has the document's message, a file of its scope, and the document as it is now, if it has the document at all. */
async function commitInLog(
  { handoff, document }: Contract,
  { tree, signal }: FormerRunOptions,
): Promise<string | null> {
  const [subject = ""] = handoff.commit?.trim().split("\n") ?? [];
  if (subject === "") return null;
  const git = (args: readonly string[]) => runGit([...args], { cwd: tree.root, signal });
  try {
    const log = await git(["log", "--fixed-strings", `--grep=${subject}`, "--format=%H %s", `--max-count=${MOST}`]);
    const commits = log
      .split("\n")
      .flatMap((line) => (line.slice(line.indexOf(" ") + 1) === subject ? [line.split(" ")[0] ?? ""] : []));
    const allowed = [...handoff.scope.files, ...handoff.expectFiles].map(pathPattern);
    for (const commit of commits) {
      const names = (await git(["diff-tree", "--root", "-r", "-z", "--no-commit-id", "--name-only", commit])).split(
        "\0",
      );
      if (!names.some((name) => name !== "" && allowed.some(({ matches }) => matches(name)))) continue;
      if (document === null || (await isSame(git, commit, document))) return `commit ${commit.slice(0, 12)}`;
    }
    return null;
  } catch (error) {
    // A repository without commits has no log.
    if (error instanceof GitError) return null;
    throw error;
  }
}

async function isSame(
  git: (args: readonly string[]) => Promise<string>,
  commit: string,
  path: string,
): Promise<boolean> {
  const there = (await git(["ls-tree", commit, "--", path])).split(/\s+/)[2];
  return there === undefined || there === (await git(["hash-object", "--", path])).trim();
}

const MOST = 20;
