import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { fieldsOf, textOf } from "./raw-names.ts";

/** The files that git-lfs, git-crypt or another configured filter driver is in charge of. */
export async function filteredFiles(
  tree: WorkTree,
  paths: readonly string[],
  filters: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (paths.length === 0 || filters.length === 0) return new Set();
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(""));
  const output = await runGit(["check-attr", "-z", "--stdin", "filter"], { cwd: tree.root, input, signal });
  const fields = fieldsOf(output).map(textOf);
  // Path, attribute, value; three fields each.
  return new Set(fields.filter((_, at) => at % 3 === 0 && filters.includes(fields[at + 2] ?? "")));
}
