import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { fieldsOf, textOf } from "./raw-names.ts";

export interface Settings {
  /** Names of the configured filter drivers (git-lfs, git-crypt, …), sorted. */
  readonly filters: readonly string[];
  readonly sparse: boolean;
  /** core.hooksPath as it is written, without our own; null: it is not set. */
  readonly hooks: string | null;
  /** Every file that git takes a setting from, as git names it: a relative path starts at the root of the work tree. */
  readonly files: readonly string[];
  /** The configuration itself says where the work tree is, or that there is none. */
  readonly placed: boolean;
}

/**
 * Reads what a snapshot and seals must know of the configuration, from any folder of the work tree. To be read anew for each snapshot: a
 * run may have written a filter into `.git/config`, and git would start it outside of every sandbox.
 */
export async function readSettings(tree: Pick<WorkTree, "root">, signal?: AbortSignal): Promise<Settings> {
  const fields = fieldsOf(await runGit(["config", "--list", "--show-origin", "-z"], { cwd: tree.root, signal }));
  // Origin and setting take turns.
  const origins = fields.filter((_, at) => at % 2 === 0).map(textOf);
  const entries = fields.filter((_, at) => at % 2 === 1).map(entryOf);
  const filters = entries.flatMap(([key]) => /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1] ?? []);
  const valuesOf = (name: string) => entries.flatMap(([key, value]) => (key === name ? [value] : []));
  const sparse = valuesOf("core.sparsecheckout");
  // The last one is set by `runGit`.
  const hooks = valuesOf("core.hookspath").at(-2);
  return {
    filters: [...new Set(filters.map(textOf))].sort(),
    sparse: sparse.length > 0 && isOn(sparse.at(-1)),
    hooks: hooks == null || hooks === "" ? null : textOf(hooks),
    files: [...new Set(origins)].flatMap((origin) =>
      origin.startsWith("file:") ? [origin.slice("file:".length)] : [],
    ),
    placed: valuesOf("core.worktree").length > 0 || valuesOf("core.bare").some(isOn),
  };
}

/** As git reads it: a key without a value is on. */
function isOn(value: string | null | undefined): boolean {
  return !/^(false|no|off|0|)$/i.test(value ?? "true");
}

/** A key without a value is true. */
function entryOf(field: string): readonly [key: string, value: string | null] {
  const end = field.indexOf("\n");
  return end < 0 ? [field, null] : [field.slice(0, end), field.slice(end + 1)];
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
