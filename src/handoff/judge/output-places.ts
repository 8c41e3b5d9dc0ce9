import type { ChangedFile } from "../facts/facts.ts";

export interface OutputPlace {
  readonly path: string;
  readonly line: number;
}

/** The first place in one of these files that the output of a command names: `src/a.ts:12:5`, `a.ts(12,5)`, `File "a.py", line 12`. */
export function placeIn(output: string, files: readonly ChangedFile[]): OutputPlace | null {
  const places = [...output.matchAll(PLACE)].map(([, path = "", line, called = path, calledLine = line]) => ({
    path: called,
    line: Number(calledLine),
  }));
  for (const { path, line } of places) {
    const file = files.find((candidate) => path === candidate.path || path.endsWith(`/${candidate.path}`));
    if (file !== undefined && line > 0) return { path: file.path, line };
  }
  return null;
}

// From where a word begins: each is looked at once.
const PLACE = /(?<![^\s"'`()[\]:])([^\s"'`()[\]:]+)(?::|\()(\d+)|File "([^"]+)", line (\d+)/g;
