import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import { upwards } from "../../files/look.ts";
import { GitError, runGit } from "./git.ts";
import { textOf } from "./raw-names.ts";

/** Where a work tree and the parts of its repository are; absolute paths. */
export interface WorkTree {
  readonly root: string;
  /** The folder of this work tree's own HEAD and index; differs from `commonDir` in a linked work tree. */
  readonly gitDir: string;
  readonly commonDir: string;
  readonly objects: string;
  /** The index, which need not exist. */
  readonly index: string;
}

/**
 * The work tree the folder is in, or, where it is `known`, whether the folder counts as a part of it. Undefined: there is none (no repository, a bare one, inside of `.git`), it leaves
 * the folder out. Throws when there is a repository that git refuses (owned by someone else, broken), one and no git program, or no such folder.
 */
export async function findWorkTree(
  folder: string,
  signal?: AbortSignal,
  known?: WorkTree,
): Promise<WorkTree | undefined> {
  try {
    const tree = known ?? (await locate(folder, signal));
    return (await isLeftOut(folder, tree.root, signal)) ? undefined : tree;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.notFound) {
      await stat(folder); // a missing folder looks just like a missing git
      if (looksLikeRepository(folder)) throw error;
      return undefined;
    }
    if (/^fatal: this operation must be run in a work tree/m.test(error.stderr)) return undefined;
    if (!/^fatal: not a git repository \(or any/m.test(error.stderr) || looksLikeRepository(folder)) throw error;
    return undefined;
  }
}

interface Needed {
  /** What cannot be done without a work tree; the folder is named after it. */
  readonly why: string;
  readonly hint: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The work tree the folder is in.
 * @throws UsageError `why` there must be one, with the hint; where there is no git program either, that one comes first
 */
export async function requireWorkTree(folder: string, { why, hint, signal }: Needed): Promise<WorkTree> {
  const tree = await findWorkTree(folder, signal);
  if (tree !== undefined) return tree;
  await runGit(["version"], { cwd: folder, signal });
  throw new UsageError(`${why}, and ${folder} is not in a git work tree.`, hint);
}

async function locate(folder: string, signal: AbortSignal | undefined): Promise<WorkTree> {
  const command = ["rev-parse", "--show-toplevel", MARK, "--absolute-git-dir", MARK, "--git-common-dir"];
  const output = textOf(await runGit(command, { cwd: folder, signal }));
  const [root = "", gitDir = "", common = ""] = output.slice(0, -1).split(`\n${MARK}\n`);
  const commonDir = resolve(folder, common);
  return { root, gitDir, commonDir, objects: join(commonDir, "objects"), index: join(gitDir, "index") };
}

/** Nothing that happens in an ignored folder would ever show, unless files of it were added by force. */
async function isLeftOut(folder: string, root: string, signal: AbortSignal | undefined): Promise<boolean> {
  if (resolve(folder) === root) return false;
  try {
    await runGit(["check-ignore", "--quiet", "."], { cwd: folder, signal });
  } catch (error) {
    if (error instanceof GitError && error.exitCode === 1) return false;
    throw error;
  }
  return (await runGit(["ls-files", "--", "."], { cwd: folder, signal })) === "";
}

// Git does not recognise a repository with, say, a broken HEAD; "no git here" would be a wrong answer about it.
function looksLikeRepository(folder: string): boolean {
  return [...upwards(resolve(folder))].some((at) => existsSync(join(at, ".git", "objects")));
}

// Paths may contain line breaks. An option unknown to rev-parse comes back as a line of its own: a separator.
const MARK = "--ask-codex-next";
