import { fieldsOf, nulTerminated } from "./raw-names.ts";
import type { IndexGit } from "./read-status.ts";

/** What a tree or an index has under a name. */
export interface Entry {
  /** Six octal digits, as git writes them: 100644, 100755, 120000, 160000. */
  readonly mode: string;
  readonly id: string;
}

/** One file that differs between two trees; null where there is none. */
export interface EntryChange {
  readonly path: string;
  /** The former path of a renamed file. */
  readonly from?: string;
  readonly before: Entry | null;
  readonly after: Entry | null;
}

/** What differs between two trees; `only`: of these files. */
export async function changedEntries(
  git: IndexGit,
  from: string,
  to: string,
  options: { readonly renames: boolean; readonly only?: readonly string[] },
): Promise<EntryChange[]> {
  const search = options.renames ? ["-M", `-l${MOST_RENAMES}`] : ["--no-renames"];
  const command = ["--literal-pathspecs", "diff-tree", "-r", "-z", "--raw", "-O/dev/null", ...search, from, to];
  const fields = fieldsOf(await git([...command, "--", ...(options.only ?? [])]));
  return parseRawDiff(fields).changes.map(({ status: _, ...change }) => change);
}

export interface RawDiff {
  /** `status`: git's letter, with the likeness of a renamed file (`R087`). */
  readonly changes: readonly (EntryChange & { readonly status: string })[];
  /** The fields below the raw records. */
  readonly rest: readonly string[];
}

/** Parses the fields of `git diff-tree --raw -z`: a record `:<modes> <ids> <status>`, then its path, of a renamed file the old one first. */
export function parseRawDiff(fields: readonly string[]): RawDiff {
  const changes: RawDiff["changes"][number][] = [];
  let at = 0;
  while (fields[at]?.startsWith(":")) {
    const [oldMode, newMode, oldId, newId, status = ""] = (fields[at] ?? "").slice(1).split(" ");
    const [first = "", second = ""] = fields.slice(at + 1, at + 3);
    const names = status.startsWith("R") ? { from: first, path: second } : { path: first };
    changes.push({ ...names, status, before: entryOf(oldMode, oldId), after: entryOf(newMode, newId) });
    at += names.from === undefined ? 2 : 3;
  }
  return { changes, rest: fields.slice(at) };
}

/** All entries of an index, by raw name; `only`: those that one of the pathspecs is about. */
export async function indexEntries(git: IndexGit, only: readonly string[] = []): Promise<Map<string, Entry>> {
  const records = fieldsOf(await git(["ls-files", "--stage", "-z", "--", ...only]));
  return new Map(
    records.map((record) => {
      const [, mode = "", id = "", name = ""] = /^(\d+) (\w+) \d\t(.*)$/s.exec(record) ?? [];
      return [name, { mode, id }];
    }),
  );
}

/** Puts entries into an index, and takes out those that are null. A file gives way to a folder, and the other way round. */
export async function putEntries(git: IndexGit, entries: ReadonlyMap<string, Entry | null>): Promise<void> {
  const gone = [...entries].flatMap(([name, entry]) => (entry === null ? [name] : []));
  const put = [...entries].flatMap(([name, entry]) => (entry === null ? [] : [`${entry.mode} ${entry.id}\t${name}`]));
  if (gone.length > 0) await git(["update-index", "--force-remove", "-z", "--stdin"], nulTerminated(gone));
  if (put.length > 0) await git(["update-index", "-z", "--index-info"], nulTerminated(put));
}

/** Whether both are the same file, or both none. */
export function sameEntry(one: Entry | null, other: Entry | null): boolean {
  return one?.mode === other?.mode && one?.id === other?.id;
}

function entryOf(mode: string | undefined, id: string | undefined): Entry | null {
  return mode === undefined || id === undefined || mode === "000000" ? null : { mode, id };
}

/**
 * Renames with edits are searched among at most this many added and as many deleted files: the search is quadratic.
 * Beyond it they show as deleted and added.
 */
export const MOST_RENAMES = 200;
