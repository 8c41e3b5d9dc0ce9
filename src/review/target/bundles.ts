import { basename, dirname } from "node:path";
import type { FileChange } from "../../workspace/git/diff-trees.ts";

/** The files of one turn. */
export interface Bundle {
  readonly files: readonly FileChange[];
  /** Changed lines; a file without lines (binary, a repository) counts as one. */
  readonly lines: number;
}

// What one reviewer reads with care; a single file beyond it gets a turn of its own.
const MOST_LINES = 1_500;
const MOST_FILES = 40;

/**
 * Splits a change into turns. Files of one subject stay together: a test goes with its source, and neighbours in a folder follow each
 * other. The same files make the same bundles.
 */
export function bundlesOf(files: readonly FileChange[]): readonly Bundle[] {
  const bundles: { files: FileChange[]; lines: number }[] = [];
  for (const group of groupsOf(files)) {
    const lines = group.reduce((sum, file) => sum + linesOf(file), 0);
    const last = bundles.at(-1);
    const fits = last && last.lines + lines <= MOST_LINES && last.files.length + group.length <= MOST_FILES;
    if (last && fits) {
      last.files.push(...group);
      last.lines += lines;
    } else if (lines <= MOST_LINES && group.length <= MOST_FILES) {
      bundles.push({ files: [...group], lines });
    } else {
      // A group too big for one turn.
      for (const file of group) addFile(bundles, file);
    }
  }
  return bundles;
}

function addFile(bundles: { files: FileChange[]; lines: number }[], file: FileChange): void {
  const last = bundles.at(-1);
  if (last && last.lines + linesOf(file) <= MOST_LINES && last.files.length < MOST_FILES) {
    last.files.push(file);
    last.lines += linesOf(file);
  } else {
    bundles.push({ files: [file], lines: linesOf(file) });
  }
}

function groupsOf(files: readonly FileChange[]): readonly (readonly FileChange[])[] {
  const groups = new Map<string, FileChange[]>();
  for (const file of files.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    const subject = subjectOf(file.path);
    const group = groups.get(subject);
    if (group === undefined) groups.set(subject, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

/** What a file is about: `src/a/load.ts`, `tests/a/load.test.ts` and `test_load.py` are all about `load`, apart by their last folder. */
function subjectOf(path: string): string {
  const stem = basename(path)
    .replace(/\.[^.]+$/, "")
    .replace(/[._-](?:test|tests|spec|stories|snap)$/i, "")
    .replace(/^tests?_/, "")
    .replace(/(?<=[a-z0-9])Tests?$/, "");
  const folders = dirname(path)
    .split("/")
    .filter((name) => !/^(?:\.|src|lib|app|tests?|__tests__|specs?|main|java|python)$/.test(name));
  return `${folders.join("/")}/${stem}`;
}

function linesOf({ added, removed }: FileChange): number {
  return Math.max(1, (added ?? 0) + (removed ?? 0));
}
