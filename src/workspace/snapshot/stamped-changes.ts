import type { FileChange } from "../git/diff-trees.ts";

type Stamps = ReadonlyMap<string, string>;

/**
 * Completes the difference of two trees with the files that a stamp stands for on one side or both. Such a file is
 * missing from its tree, so the trees alone would call it deleted when it grew big, and added when it shrank.
 */
export function addStampedChanges(hashed: readonly FileChange[], before: Stamps, after: Stamps): FileChange[] {
  const files = new Map(hashed.flatMap((file) => unpaired(file, before, after)).map((file) => [file.path, file]));
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (before.has(path) && after.has(path)) {
      if (before.get(path) !== after.get(path)) files.set(path, uncounted(path, "changed"));
    } else if (files.has(path)) files.set(path, uncounted(path, "changed"));
    else files.set(path, uncounted(path, before.has(path) ? "deleted" : "added"));
  }
  return [...files.values()];
}

// One half of a rename may be no addition or deletion at all, but a file that shrank or grew.
function unpaired(file: FileChange, before: Stamps, after: Stamps): FileChange[] {
  if (file.from === undefined || !(after.has(file.from) || before.has(file.path))) return [file];
  return [uncounted(file.from, "deleted"), uncounted(file.path, "added")];
}

function uncounted(path: string, kind: FileChange["kind"]): FileChange {
  return { path, kind, added: null, removed: null };
}
