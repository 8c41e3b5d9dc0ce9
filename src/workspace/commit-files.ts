import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { PRIVATE_FILE } from "../files/write-whole.ts";
import { runCheck } from "../process/run-check.ts";
import type { WorkTree } from "./find-work-tree.ts";
import { GitError, REPOSITORY_VARIABLES, runGit } from "./git.ts";
import { fieldsOf } from "./raw-names.ts";
import { lstatOf } from "./stamps.ts";

export interface CommitRequest {
  /** As it was written; git takes blank lines at its ends away, and nothing else. */
  readonly message: string;
  /** What goes into the commit, as it is on the disk: paths from the root; a file that is gone is deleted in the commit. */
  readonly paths: readonly string[];
  /** The environment of git and its hooks: author, signing and configuration are the user's. */
  readonly env: Readonly<Record<string, string>>;
  /** A private folder: message, paths and git's output stay there. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export type Commit =
  | { readonly type: "made"; readonly id: string }
  /** Git, a hook or the signing refused, or took too long. The index is as it was. */
  | { readonly type: "failed"; readonly reason: string };

/** Git, its hooks and its signing together. */
export const COMMIT_LIMIT_MS = 120_000;

/**
 * Commits these files and nothing else; what the user has staged of other files stays staged. Hooks and signing run as the user
 * has them, in a group of their own, without a terminal to ask at.
 */
export async function commitFiles(tree: WorkTree, request: CommitRequest): Promise<Commit> {
  const { message, paths, env, folder, signal } = request;
  const [messageFile, pathsFile] = [join(folder, "commit-message"), join(folder, "commit-paths")];
  await writeFile(messageFile, message, { mode: PRIVATE_FILE });
  await writeFile(pathsFile, paths.map((path) => `${path}\0`).join(""), { mode: PRIVATE_FILE });
  const parent = await headOf(tree);
  const unknown = await unknownPaths(tree, paths, signal);
  // Git commits by path only what its index knows of.
  await inIndex(tree, ["add", "--intent-to-add", "--force"], unknown, signal);
  const options = { cwd: tree.root, limitMs: COMMIT_LIMIT_MS, outputPath: join(folder, "commit.log"), signal };
  const given = { ...unasked(env), ASK_CODEX_MESSAGE: messageFile, ASK_CODEX_PATHS: pathsFile };
  const run = await runCheck(COMMIT, { ...options, env: given }).catch(messageOf);
  const id = await headOf(tree);
  if (id !== null && id !== parent) return { type: "made", id };
  await inIndex(tree, ["rm", "--cached", "--force", "--quiet"], unknown);
  if (typeof run === "string") return { type: "failed", reason: run };
  if (run.timedOut) return { type: "failed", reason: `no end after ${COMMIT_LIMIT_MS / 1000} s` };
  const said = run.outputTail.trim().split("\n").slice(-5).join("\n");
  return { type: "failed", reason: said === "" ? `git commit ended with ${run.exitCode ?? "a signal"}` : said };
}

// No upkeep: git would start it in the background, where it would outlive us.
const COMMIT = [
  "git -c gc.auto=0 -c maintenance.auto=false commit --quiet --only",
  '--file="$ASK_CODEX_MESSAGE" --pathspec-from-file="$ASK_CODEX_PATHS" --pathspec-file-nul',
].join(" ");

/** Nobody is there to be asked for a name, a passphrase or a message. */
function unasked(env: Readonly<Record<string, string>>): Record<string, string> {
  const left = Object.entries(env).filter(([name]) => !REPOSITORY_VARIABLES.has(name) && !ASKING.has(name));
  return {
    ...Object.fromEntries(left),
    GIT_LITERAL_PATHSPECS: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    GIT_ASKPASS: "true",
    SSH_ASKPASS_REQUIRE: "never",
  };
}

const ASKING = new Set(["DISPLAY", "WAYLAND_DISPLAY", "GPG_TTY", "SSH_ASKPASS"]);

async function headOf(tree: WorkTree): Promise<string | null> {
  try {
    return (await runGit(["rev-parse", "--quiet", "--verify", "HEAD^{commit}"], { cwd: tree.root })).trim();
  } catch (error) {
    if (error instanceof GitError && error.exitCode === 1) return null;
    throw error;
  }
}

/** Files that the index does not have. One that is gone from the disk as well is known to git by HEAD. */
async function unknownPaths(tree: WorkTree, paths: readonly string[], signal: AbortSignal): Promise<string[]> {
  const known = new Set(fieldsOf(await runGit(["ls-files", "-z"], { cwd: tree.root, signal })));
  return paths.filter((path) => {
    const raw = Buffer.from(path).toString("latin1");
    return !known.has(raw) && lstatOf(tree, raw) !== undefined;
  });
}

async function inIndex(tree: WorkTree, command: readonly string[], paths: readonly string[], signal?: AbortSignal) {
  if (paths.length === 0) return;
  await runGit(["--literal-pathspecs", ...command, "--pathspec-from-file=-", "--pathspec-file-nul"], {
    cwd: tree.root,
    input: Buffer.from(paths.map((path) => `${path}\0`).join("")),
    signal,
  });
}
