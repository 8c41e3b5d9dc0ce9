import { GitError, runGit } from "../git/git.ts";
import { textOf } from "../git/raw-names.ts";
import { readStatus } from "../git/read-status.ts";

/** The files that differ from HEAD, untracked ones included, each with a hash of its content, and HEAD itself. */
export type DirtyFiles = Readonly<Record<string, string>>;

/** What differs from HEAD right now: little enough to be written down before work begins that may be killed. */
export async function dirtyFiles(root: string, signal?: AbortSignal): Promise<DirtyFiles> {
  const git = (command: readonly string[], input?: Uint8Array) =>
    runGit(command, { cwd: root, signal, ...(input !== undefined && { input }) });
  const { head, entries } = await readStatus(git);
  const names = entries.map(({ name }) => name);
  const files = entries.filter(({ name, file }) => file !== "gone" && !name.endsWith("/")).map(({ name }) => name);
  const hashes = await hashesOf(git, files);
  const all = names.map((name) => [textOf(name), hashes.get(name) ?? "gone"]);
  return { ...Object.fromEntries(all), [HEAD]: head ?? "none" };
}

/** The files that were edited between two looks, as far as git lists them. */
export function editedBetween(before: DirtyFiles, after: DirtyFiles): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  names.delete(HEAD);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

// No file has this name.
const HEAD = "//HEAD";

async function hashesOf(
  git: (command: readonly string[], input?: Uint8Array) => Promise<string>,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  // A name with a line break cannot be given on stdin: its content is not compared.
  const named = files.filter((name) => !name.includes("\n"));
  try {
    const input = Buffer.from(named.map((name) => `${name}\n`).join(""), "latin1");
    const lines = (await git(["hash-object", "--no-filters", "--stdin-paths"], input)).split("\n");
    return new Map(named.map((name, index) => [name, lines[index] ?? "unknown"]));
  } catch (error) {
    // One is gone by now, or is a link to nowhere: what is known is that they differ from HEAD.
    if (error instanceof GitError) return new Map(named.map((name) => [name, "unknown"]));
    throw error;
  }
}
