import { GitError } from "./git.ts";
import { type PrivateWork, privateGit } from "./private-git.ts";
import { fieldsOf, nulTerminated, textOf } from "./raw-names.ts";

/** Why git ignores a file or a folder. */
export interface IgnoreRule {
  /** The file that has it, as git names it: relative to the root of the work tree, or a full path. */
  readonly source: string;
  readonly pattern: string;
}

/** The rules because of which git ignores these, by raw name; what no rule is about is not in there. */
export async function ignoreRules(
  work: PrivateWork,
  names: readonly string[],
): Promise<ReadonlyMap<string, IgnoreRule>> {
  if (names.length === 0) return new Map();
  const git = privateGit(work, "index");
  try {
    const fields = fieldsOf(await git(["check-ignore", "--verbose", "-z", "--stdin"], nulTerminated(names)));
    const rules = new Map<string, IgnoreRule>();
    for (let at = 0; at < fields.length; at += 4) {
      const [source = "", , pattern = "", name = ""] = fields.slice(at, at + 4);
      if (!pattern.startsWith("!")) rules.set(name, { source: textOf(source), pattern: textOf(pattern) });
    }
    return rules;
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error;
    return new Map(); // none of them
  }
}
