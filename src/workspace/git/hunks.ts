import { makePatch } from "./patch-text.ts";
import { type PrivateWork, privateGit } from "./private-git.ts";
import { textOf } from "./raw-names.ts";
import { changedEntries, type EntryChange } from "./tree-entries.ts";

/** A run of lines that differ, from 1. A count of 0: the other side's lines come after line `start`. */
export interface Hunk {
  readonly before: { readonly start: number; readonly count: number };
  readonly after: { readonly start: number; readonly count: number };
}

/**
 * Which lines differ between two trees, by path. Null: git compares no lines of it (binary, or .gitattributes says so). `only`: of these
 * files, none of which is renamed; in a change of thousands that is much less to print.
 */
export async function hunksBetween(
  work: PrivateWork,
  before: string,
  after: string,
  only: readonly string[] | null = null,
): Promise<ReadonlyMap<string, readonly Hunk[] | null>> {
  if (before === after) return new Map();
  const git = privateGit(work, "index");
  const which = only === null ? { renames: true } : { renames: false, only };
  const changes = await changedEntries(git, before, after, which);
  const patch = await makePatch(git, before, after, { ...which, bare: true });
  // No line of content begins like this: each has a sign before it.
  const sections = patch.toString("latin1").split(/(?:^|(?<=\n))(?=diff --git )/);
  const found = new Map<string, readonly Hunk[] | null>();
  let at = 0;
  for (const change of changes) {
    const own = sections.slice(at, at + sectionsOf(change));
    at += own.length;
    found.set(textOf(change.path), own.some(isBinary) ? null : own.flatMap(parseHunks));
  }
  if (at !== sections.filter((section) => section !== "").length) {
    throw new Error(`git diff-tree printed ${sections.length} patches for ${changes.length} files`);
  }
  return found;
}

/** The smallest run of lines that holds every difference of two texts. */
export function wholeHunk(before: string, after: string): Hunk {
  const [old, now] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, now.length);
  let same = 0;
  while (same < shorter && old[same] === now[same]) same += 1;
  let tail = 0;
  while (tail < shorter - same && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const run = (lines: readonly string[]) => {
    const count = lines.length - same - tail;
    return { start: count === 0 ? same : same + 1, count };
  };
  return { before: run(old), after: run(now) };
}

/** A file that became a link, or the other way round, is reported as deleted and made. */
function sectionsOf({ before, after }: EntryChange): number {
  const kind = (mode: string) => mode.slice(0, 3);
  return before !== null && after !== null && kind(before.mode) !== kind(after.mode) ? 2 : 1;
}

function isBinary(section: string): boolean {
  return section.includes("\nBinary files ");
}

function parseHunks(section: string): Hunk[] {
  return [...section.matchAll(/\n@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/g)].map(([, ...numbers]) => {
    const [start = 0, count = 1, newStart = 0, newCount = 1] = numbers.map((text) =>
      text === undefined ? undefined : Number(text),
    );
    return { before: { start, count }, after: { start: newStart, count: newCount } };
  });
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
