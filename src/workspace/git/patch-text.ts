import type { IndexGit } from "./read-status.ts";
import { MOST_RENAMES } from "./tree-entries.ts";

/**
 * The patch from one tree to another, in the one form that `git apply` reads, whatever the configuration says. `bare`: for readers
 * of line numbers, without the lines around a change and without what is not text. `only`: these files alone.
 */
export async function makePatch(
  git: IndexGit,
  from: string,
  to: string,
  options: { readonly renames: boolean; readonly bare?: boolean; readonly only?: readonly string[] },
): Promise<Buffer> {
  const search = options.renames ? ["-M", `-l${MOST_RENAMES}`] : ["--no-renames"];
  const settings = ["-c", "diff.suppressBlankEmpty=false", "-c", "core.quotePath=true"];
  const form = [...FORM, ...(options.bare ? ["--unified=0"] : ["--unified=3", "--binary"])];
  const command = [...settings, "--literal-pathspecs", "diff-tree", "-r", "-p", ...form, ...search, from, to];
  return Buffer.from(await git([...command, "--", ...(options.only ?? [])]), "latin1");
}

/** `git apply` with these options, exactly as the patch says: blanks count, and are neither fixed nor complained about. */
export async function feedPatch(git: IndexGit, patch: Buffer, ...options: readonly string[]): Promise<void> {
  await git(["-c", "apply.ignoreWhitespace=no", "apply", "--whitespace=nowarn", ...options, "-"], patch);
}

// diff-tree ignores most settings of `git diff` by itself, but not those of a driver that .gitattributes names.
// --no-relative is the youngest of these, and of all that worktrees and patches need: git 2.28.
const FORM = [
  "--full-index",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-relative",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--inter-hunk-context=0",
  "--submodule=short",
  "--ignore-submodules=dirty",
  "-O/dev/null",
];
