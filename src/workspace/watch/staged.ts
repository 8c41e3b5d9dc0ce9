import { createHash } from "node:crypto";
import { join } from "node:path";
import { isErrno } from "../../errors.ts";
import { readPlainBytes } from "../../files/read-plain.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError, runGit } from "../git/git.ts";
import { fieldsOf } from "../git/raw-names.ts";

/** How the user's index differs from HEAD at one moment. */
export interface Staged {
  /** A hash of the index file; empty: there is none. */
  readonly index: string;
  /** Raw path → git's raw record of it, which ends in the kind of the change; null: there is no commit yet, or git cannot read the index. */
  readonly records: ReadonlyMap<string, string> | null;
}

/** `known` holds as long as the index file is the same byte for byte. */
export async function stagedNow(tree: WorkTree, known: Staged | null, signal?: AbortSignal): Promise<Staged> {
  const index = hashOf(join(tree.gitDir, "index"));
  if (known?.index === index) return known;
  const command = ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "HEAD"];
  const output = await runGit(command, { cwd: tree.root, signal }).catch((error) => {
    if (error instanceof GitError && signal?.aborted !== true) return null;
    throw error;
  });
  if (output === null) return { index, records: null };
  const fields = fieldsOf(output);
  return {
    index,
    records: new Map(fields.flatMap((record, at) => (at % 2 === 0 ? [[fields[at + 1] ?? "", record]] : []))),
  };
}

/**
 * Whether something that was staged is staged no longer, or a file was taken out of the index. What is staged in addition is left to
 * the user: scripts may do that. HEAD must be the same.
 */
export function unstaged({ records: before }: Staged, { records: after }: Staged): boolean {
  if (before === null || after === null) return before !== null;
  const isLost = [...before].some(([path, record]) => after.get(path) !== record);
  return isLost || [...after].some(([path, record]) => record.endsWith(" D") && !before.has(path));
}

function hashOf(path: string): string {
  try {
    return createHash("sha256").update(readPlainBytes(path)).digest("hex");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return "";
    throw error;
  }
}
