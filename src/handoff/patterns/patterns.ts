import picomatch from "picomatch";

/** What a pattern of `scope` means. Paths are relative to the root of the work tree, with slashes. */
export interface PathPattern {
  /** As it was written. */
  readonly text: string;
  /** Without the lines. */
  readonly path: string;
  /** `src/auth.ts:45-89`: only these lines (from 1, inclusive), as the file is before the work; null: all of it. */
  readonly lines: { readonly first: number; readonly last: number } | null;
  /** It names one file, whether or not that exists. */
  readonly literal: boolean;
  matches(path: string): boolean;
}

/** Reads a pattern: a path, a glob, or a folder with a slash at its end, which stands for all below it. */
export function pathPattern(text: string): PathPattern {
  const [, written = text, first, last = first] = /^(.+?):(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const path = written.replace(/^(\.\/)+/, "");
  const glob = path.endsWith("/") ? `${path}**` : path;
  // s: the name of a file may hold a line break, and must not slip through for it.
  // nonegate: patterns are alternatives, and as one of them `!a` would mean nearly everything.
  const isMatch = picomatch(glob, { dot: true, flags: "s", nonegate: true });
  return {
    text,
    path,
    lines: first === undefined ? null : { first: Number(first), last: Number(last) },
    literal: !path.endsWith("/") && !picomatch.scan(glob, { nonegate: true }).isGlob,
    // A file may be named like a glob: app/[id]/page.tsx.
    matches: (candidate) => candidate === path || isMatch(candidate),
  };
}
