import type { Hunk } from "../../../src/workspace/git/hunks.ts";

/** Lines that give way to others: `removed` of them from `at` (0 is the first) on. */
export interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly added: readonly string[];
}

/** A text before and after edits that do not touch each other, with its hunks as git counts them. */
export function edited(lines: readonly string[], edits: readonly Edit[]) {
  const ordered = edits.toSorted((one, other) => one.at - other.at);
  const now: string[] = [];
  const hunks: Hunk[] = [];
  let done = 0;
  for (const { at, removed, added } of ordered) {
    now.push(...lines.slice(done, at));
    hunks.push({
      before: { start: removed === 0 ? at : at + 1, count: removed },
      after: { start: added.length === 0 ? now.length : now.length + 1, count: added.length },
    });
    now.push(...added);
    done = at + removed;
  }
  now.push(...lines.slice(done));
  return { before: `${lines.join("\n")}\n`, now: `${now.join("\n")}\n`, hunks };
}

/** Where a line of the former text stands after the edits, from 1. */
export function lineAfter(at: number, edits: readonly Edit[]): number {
  return edits.reduce((line, edit) => (edit.at <= at ? line + edit.added.length - edit.removed : line), at + 1);
}
