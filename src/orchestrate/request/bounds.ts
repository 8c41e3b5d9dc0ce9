import { isCovered, pathsNamedBy } from "../../handoff/patterns/covered.ts";
import { pathPattern } from "../../handoff/patterns/patterns.ts";
import { isGitsOwn, protecting } from "./protected.ts";
import type { DelegationRequest, Refusal } from "./schema.ts";

/** What the person who started it allows. What a model requests may only be less. */
export interface Bounds {
  /** `--scope`: patterns of what may be changed; none: the work tree without what is protected. */
  readonly scope: readonly string[];
  /** `--forbid`: patterns of what must not be touched. */
  readonly forbid: readonly string[];
  /** `--validation`: commands that the person has named. Only these run without a sandbox. */
  readonly validation: readonly string[];
  /** How many files one delegation may name and change. */
  readonly maxFiles: number;
  /** The same for a task of the type `bulk`. */
  readonly bulkFiles: number;
}

/** How many files a delegation may name and change, where the project's own policy does not lower it further. */
export const MOST_FILES = 3;

/** How many files a task may name and change. */
export function mostFiles({ type }: Pick<DelegationRequest, "type">, { maxFiles, bulkFiles }: Bounds): number {
  return type === "bulk" ? bulkFiles : maxFiles;
}

/** Where a request wants to change more than the person allows. */
export function beyondBounds(request: DelegationRequest, bounds: Bounds): readonly Refusal[] {
  const wanted = [
    ...(request.scope?.files ?? []).map((text) => ["scope.files", text.trim()] as const),
    ...(request.expect_files ?? []).map((text) => ["expect_files", text.trim()] as const),
  ];
  return [...tooMany(request, bounds), ...wanted.flatMap(([field, text]) => outside(field, text, bounds))];
}

function tooMany(request: DelegationRequest, bounds: Bounds): readonly Refusal[] {
  const most = mostFiles(request, bounds);
  const entries = new Set([...(request.scope?.files ?? []), ...(request.expect_files ?? [])]);
  // Two ranges of lines in one file are one file, and braces name several.
  const named = new Set([...entries].flatMap((text) => namedBy(text.trim())));
  if (named.size <= most) return [];
  const bulk = request.type === "bulk" ? "" : " (a mechanical change of many files is a task of the type bulk)";
  const what = `scope.files and expect_files name ${named.size} files, and a delegation may have ${most} at most.`;
  return [{ what, change: `Split the task so that each part has ${most} files or fewer${bulk}.` }];
}

function namedBy(text: string): readonly string[] {
  const pattern = pathPattern(text);
  const paths = pathsNamedBy(pattern);
  return paths.length === 0 ? [pattern.path] : paths;
}

function outside(field: string, text: string, { scope, forbid }: Bounds): readonly Refusal[] {
  const pattern = pathPattern(text);
  const said = `${field} has \`${text}\``;
  if (isGitsOwn(text))
    return [{ what: `${said}: git's own files are never in scope.`, change: `Take it out of ${field}.` }];
  if (scope.length > 0 && !isCovered(pattern, scope.map(pathPattern))) {
    const what = `${said}, and the person allows changes of ${scope.join(", ")} only.`;
    return [{ what, change: "Name files within that, one by one." }];
  }
  const forbidden = forbid.find((one) => isCovered(pattern, [pathPattern(one)]));
  if (forbidden !== undefined)
    return [{ what: `${said}, and the person forbids ${forbidden}.`, change: `Take it out of ${field}.` }];
  const guarded = protecting(pattern, scope);
  if (guarded === undefined) return [];
  const what = `${said}: ${guarded} is protected (agents' settings, CI, hooks) unless the person names it with --scope.`;
  return [{ what, change: `Take it out of ${field}, or ask the person for it.` }];
}
