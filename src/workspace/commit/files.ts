import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import { exists } from "../../files/look.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { REPOSITORY_VARIABLES } from "../../process/git-variables.ts";
import { type CheckRun, runCheck } from "../../process/run-check.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError, runGit } from "../git/git.ts";
import { textOf } from "../git/raw-names.ts";
import { type Head, readHead } from "../git/read-head.ts";
import type { IndexGit } from "../git/read-status.ts";
import { changedEntries } from "../git/tree-entries.ts";
import { underWay } from "../git/under-way.ts";
import { followCommit } from "./follow-commit.ts";
import { type LookedAt, prepareCommitIndex } from "./judged-index.ts";

export interface CommitRequest extends LookedAt {
  /** As it was written; git takes blank lines at its ends away, and nothing else. */
  readonly message: string;
  /** What goes into the commit: paths from the root, none of which differed from HEAD before the work. One that is gone is deleted in it. */
  readonly paths: readonly string[];
  /** Where HEAD was when the work was looked at. */
  readonly head: Head;
  /** The environment of git and its hooks: author, signing and configuration are the user's. */
  readonly env: Readonly<Record<string, string>>;
  /** A private folder: message, index and git's output stay there. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export type Commit =
  | {
      readonly type: "made";
      readonly id: string;
      /** All that is in the commit. */
      readonly files: readonly string[];
      /** Files whose contents in it are not what was looked at, because a hook added or changed them. */
      readonly unjudged: readonly string[];
      /** Why the user's index does not have the commit's files yet; null: it has. */
      readonly stale: string | null;
    }
  /** The work is no longer what was looked at, or git, a hook or the signing refused, or took too long. The index is as it was. */
  | { readonly type: "skipped" | "failed"; readonly reason: string };

/** Git, its hooks and its signing together. */
const COMMIT_LIMIT_MS = 120_000;

/**
 * Commits these files as they were looked at and nothing else; what the user has staged of other files stays staged. Hooks and signing
 * run as the user has them, in a group of their own, without a terminal to ask at. It works on an index of its own, so that however it
 * ends the user's is as it was, or has the commit. Never rejects.
 */
export async function commitFiles(tree: WorkTree, request: CommitRequest): Promise<Commit> {
  const index = join(request.folder, "commit-index");
  try {
    return await commitOn(index, tree, request);
  } catch (error) {
    const { aborted, reason } = request.signal;
    return { type: "failed", reason: aborted ? `the run was ended (${String(reason)})` : messageOf(error) };
  } finally {
    for (const file of [index, `${index}.lock`]) await rm(file, { force: true }).catch(() => {});
  }
}

async function commitOn(index: string, tree: WorkTree, request: CommitRequest): Promise<Commit> {
  const { message, paths, folder, signal, before, after, snapshots } = request;
  const env = { ...unasked(request.env), GIT_INDEX_FILE: index };
  const git: IndexGit = (command, input) => runGit(command, { cwd: tree.root, env, ...(input ? { input } : {}) });
  const refusal = (await whyRefused(tree)) ?? (await whyUnknown(git));
  if (refusal !== null) return { type: "failed", reason: refusal };
  const head = await readHead(tree, signal);
  if (head.commit !== request.head.commit || head.branch !== request.head.branch)
    return { type: "skipped", reason: "HEAD was moved after the work was looked at" };
  const base = head.commit ?? (await git(["hash-object", "-t", "tree", "--stdin"], new Uint8Array())).trim();
  const look = { before, after, snapshots };
  const prepared = await prepareCommitIndex(tree, paths, { ...look, base, file: index, env, signal });
  if (prepared.differing.length > 0)
    return { type: "skipped", reason: `edited after it was looked at: ${prepared.differing.join(", ")}` };
  if (prepared.changed.length === 0) return { type: "failed", reason: "for git these files are as they are in HEAD" };

  const messageFile = join(folder, "commit-message");
  await writeWhole(messageFile, message);
  const run = await runCheck(COMMIT, {
    cwd: tree.root,
    env: { ...env, ASK_CODEX_MESSAGE: messageFile },
    limitMs: COMMIT_LIMIT_MS,
    outputPath: join(folder, "commit.log"),
    signal,
    graceMs: GRACE_MS,
  });
  const id = await madeCommit(git, head.commit, run.exitCode);
  if (id === null)
    return { type: "failed", reason: signal.aborted ? `the run was ended (${String(signal.reason)})` : whyNot(run) };
  try {
    const changes = await changedEntries(git, base, id, { renames: false });
    const unjudged = await changedEntries(git, prepared.tree, id, { renames: false });
    const there = new Set(changes.map(({ path }) => path));
    const stale = await followCommit(tree, changes, prepared.names);
    const lacking = prepared.changed.filter((name) => !there.has(name)).map(textOf);
    if (lacking.length > 0)
      return {
        type: "failed",
        reason: `the commit ${id} is there, and lacks what was judged of ${lacking.join(", ")}`,
      };
    const names = (list: typeof changes) => list.map(({ path }) => textOf(path));
    return { type: "made", id, files: names(changes), unjudged: names(unjudged), stale };
  } catch (error) {
    return { type: "failed", reason: `the commit ${id} is there, and could not be compared: ${messageOf(error)}` };
  }
}

// No upkeep and no daemon: git would start them in the background, where they would outlive us. An index of ours has no shared half
// in the repository.
const COMMIT = [
  "exec git -c gc.auto=0 -c maintenance.auto=false -c core.fsmonitor=false -c core.splitIndex=false",
  'commit --quiet --file="$ASK_CODEX_MESSAGE"',
].join(" ");

// For git to take its locks away. Claude Code sends SIGKILL 1.5 s after SIGTERM.
const GRACE_MS = { atLimit: 2_000, cancelled: 350 };

/** No one is there to be asked for a name, a passphrase or a message. */
function unasked(env: Readonly<Record<string, string>>): Record<string, string> {
  const left = Object.entries(env).filter(([name]) => !REPOSITORY_VARIABLES.has(name) && !ASKING.has(name));
  return {
    ...Object.fromEntries(left),
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    GIT_ASKPASS: "true",
    SSH_ASKPASS_REQUIRE: "never",
  };
}

const ASKING = new Set(["DISPLAY", "WAYLAND_DISPLAY", "GPG_TTY", "SSH_ASKPASS"]);

async function whyRefused(tree: WorkTree): Promise<string | null> {
  const begun = await underWay(tree);
  if (begun !== null) return `${begun} is under way, which the commit would end or get in between`;
  const lock = `${tree.index}.lock`;
  return (await exists(lock)) ? `another git command has the index, or one that was killed left ${lock}` : null;
}

/** Git takes ten lines to say so. */
async function whyUnknown(git: IndexGit): Promise<string | null> {
  try {
    await git(["var", "GIT_AUTHOR_IDENT"]);
    await git(["var", "GIT_COMMITTER_IDENT"]);
    return null;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return `git does not know who commits; set user.name and user.email (${error.message})`;
  }
}

/**
 * The commit that was made upon the former one; null: none. Not simply HEAD: a hook may have gone on from there, and when git failed
 * someone else may have been quicker.
 */
async function madeCommit(git: IndexGit, parent: string | null, exitCode: number | null): Promise<string | null> {
  const range = parent === null ? "HEAD" : `${parent}..HEAD`;
  const list = await git(["rev-list", "--first-parent", "--parents", range]).catch((error) => {
    if (error instanceof GitError && parent === null) return ""; // still none
    throw error;
  });
  const lines = list.split("\n").map((line) => line.split(" "));
  const [id] = lines.find(([own, first]) => own !== "" && (first ?? null) === parent) ?? [];
  if (id === undefined) return null;
  if (exitCode === 0) return id;
  const [made, ours] = [await git(["rev-parse", `${id}^{tree}`]), await git(["write-tree", "--missing-ok"])];
  return made.trim() === ours.trim() ? id : null;
}

function whyNot({ timedOut, exitCode, outputTail }: CheckRun): string {
  if (timedOut) return `no end after ${COMMIT_LIMIT_MS / 1000} s`;
  const said = outputTail.trim().split("\n").slice(-5).join("\n");
  return said === "" ? `git commit ended with ${exitCode ?? "a signal"}` : said;
}
