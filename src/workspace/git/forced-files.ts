import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { fieldsOf } from "./raw-names.ts";

/**
 * The files that are tracked although they are ignored (`git add -f`), raw names. A status on the private index does
 * not know of those that entered the repository's index after the first snapshot.
 */
export async function forcedFiles(tree: WorkTree, signal?: AbortSignal): Promise<string[]> {
  const command = ["ls-files", "-z", "--cached", "--ignored", "--exclude-standard"];
  return fieldsOf(await runGit(command, { cwd: tree.root, signal }));
}
