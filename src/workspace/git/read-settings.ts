import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { fieldsOf, textOf } from "./raw-names.ts";

export interface Settings {
  /** Names of the configured filter drivers (git-lfs, git-crypt, …), sorted. */
  readonly filters: readonly string[];
  readonly sparse: boolean;
}

/**
 * Reads what a snapshot must know of the configuration, from any folder of the work tree. To be read anew for each snapshot: a run may have written a
 * filter into `.git/config`, and git would start it outside of every sandbox.
 */
export async function readSettings(tree: Pick<WorkTree, "root">, signal?: AbortSignal): Promise<Settings> {
  // One setting that is always there (runGit sets it) goes along, because git fails when nothing matches.
  const command = ["config", "-z", "--get-regexp", "^(filter\\..*|core\\.(sparsecheckout|hookspath))$"];
  const entries = fieldsOf(await runGit(command, { cwd: tree.root, signal })).map((field) => field.split("\n"));
  const filters = entries.flatMap(([key = ""]) => /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1] ?? []);
  const sparse = entries.findLast(([key]) => key === "core.sparsecheckout");
  return {
    filters: [...new Set(filters.map(textOf))].sort(),
    sparse: sparse !== undefined && !/^(false|no|off|0|)$/i.test(sparse[1] ?? "true"),
  };
}

/**
 * Settings that switch these filter drivers off. A clean filter is a program: it may be slow, write into the
 * repository (git-lfs does) or be hostile, so none runs for a snapshot and files are taken as they lie on the disk.
 */
export function withoutFilters(filters: readonly string[]): string[] {
  const unnameable = filters.find((name) => name.includes("="));
  if (unnameable !== undefined) throw new Error(`the filter ${JSON.stringify(unnameable)} cannot be switched off`);
  return filters.flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ]);
}
