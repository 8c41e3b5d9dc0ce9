import picomatch from "picomatch";
import type { IgnoredFilter } from "../../workspace/snapshot/ignored-tree.ts";
import type { Contract } from "../document/handoff.ts";
import { type PathPattern, pathPattern } from "../patterns/patterns.ts";

/** The ignored files that scope.forbid names; null: it names none. */
export function forbiddenFilter({ handoff }: Contract): IgnoredFilter | null {
  return ignoredFilter(handoff.scope.forbid.map(pathPattern));
}

/** The ignored files that a verdict is about: those that scope.forbid names, and the user's own settings, which git has no copy of. */
export function judgedFilter(contract: Contract): IgnoredFilter {
  const forbidden = forbiddenFilter(contract);
  return {
    matches: (path) => isOwnSettings(path) || forbidden?.matches(path) === true,
    reaches: (folder) => forbidden?.reaches(folder) === true,
  };
}

/** `.env` and its like. */
export function isOwnSettings(path: string): boolean {
  return /(?:^|\/)\.(?:env(?:rc|\.[^/]+)?|npmrc|pypirc|netrc)$/.test(path);
}

/** The ignored files that patterns name; null: without a pattern there is none to look at. */
export function ignoredFilter(patterns: readonly PathPattern[]): IgnoredFilter | null {
  if (patterns.length === 0) return null;
  return {
    matches: (path) => patterns.some((pattern) => pattern.matches(path)),
    reaches: (folder) => patterns.some((pattern) => reaches(pattern.path, folder)),
  };
}

/** Whether a pattern can match something below the folder; when in doubt it can. */
function reaches(path: string, folder: string): boolean {
  const glob = path.endsWith("/") ? `${path}**` : path;
  // With alternatives that hold slashes the segments say nothing.
  if (/[{(]/.test(glob)) return true;
  const segments = glob.split("/");
  for (const name of folder.split("/")) {
    const segment = segments.shift();
    if (segment === undefined) return false;
    if (segment.includes("**")) return true;
    if (segment !== name && !picomatch.isMatch(name, segment, { dot: true, nonegate: true })) return false;
  }
  return segments.length > 0;
}
