import { unreachable } from "../../errors.ts";
import type { Contract } from "../document/handoff.ts";
import type { ChangedFile, Facts } from "../facts/facts.ts";
import { isOwnSettings } from "../facts/ignored-filter.ts";
import { hunksInside, hunksOutside } from "../patterns/line-ranges.ts";
import { type PathPattern, pathPattern } from "../patterns/patterns.ts";
import type { Finding } from "./finding.ts";
import { namesOf, workOf } from "./own-files.ts";

/** Files that were to be left alone, and lines. */
export function judgeScope(contract: Contract, facts: Facts): Finding[] {
  const { scope, expectFiles, changesDoc } = contract.handoff;
  const forbidden = scope.forbid.map(pathPattern);
  const allowed = scope.files.map(pathPattern);
  const implied = new Set([...expectFiles, ...(changesDoc === null ? [] : [changesDoc])]);
  const inScope = (path: string) => implied.has(path) || allowed.some((pattern) => pattern.matches(path));
  const work = workOf(contract, facts);
  const findings = work.flatMap((file): Finding[] => {
    const line = file.hunks[0]?.after.start || null;
    for (const path of judgedNames(file)) {
      const pattern = forbidden.find((candidate) => candidate.matches(path) && touches(file, candidate));
      if (pattern !== undefined) {
        const message = `${path} was ${done(file, path)}, and scope.forbid names it (${pattern.text}); it had to be left alone.`;
        return [{ rule: "forbidden", path: file.inside ? file.path : path, line, message }];
      }
    }
    // What git ignores is not part of the work, unless it was the user's before it.
    if (file.ignored && file.hiddenBy === undefined && !isOwn(file, forbidden)) return [];
    for (const path of judgedNames(file)) {
      if (inScope(path)) continue;
      const message = `${path} was ${done(file, path)}, and it is not in scope.files (${scope.files.join(", ") || "nothing"}); only what is may be changed.${hiding(file)}`;
      return [{ rule: "scope", path: file.inside ? file.path : path, line, message }];
    }
    return implied.has(file.path) || file.inside !== undefined ? [] : judgeLines(file, allowed);
  });
  return (["forbidden", "scope", "lines"] as const).flatMap((rule) => findings.filter((one) => one.rule === rule));
}

/** Settings that the user had before the work; of those that scope.forbid names in part the rest is free. */
function isOwn({ kind, path }: ChangedFile, forbidden: readonly PathPattern[]): boolean {
  return kind !== "added" && isOwnSettings(path) && !forbidden.some((pattern) => pattern.matches(path));
}

/** What is in a submodule: a part of it may be in scope. */
function judgedNames(file: ChangedFile): readonly string[] {
  return file.inside ?? namesOf(file);
}

function hiding({ path, hiddenBy }: ChangedFile): string {
  return hiddenBy === undefined || hiddenBy === path
    ? ""
    : ` Git does not show it, for the work itself had ${hiddenBy} ignore it.`;
}

/** Whether a change is about the lines of a pattern: without any, or where lines say nothing, it is. */
function touches({ kind, hunks }: ChangedFile, { lines }: PathPattern): boolean {
  if (lines === null || (hunks.length === 0 && kind !== "mode")) return true;
  return hunksInside(hunks, lines).length > 0;
}

/** Lines count as the file was before the work. */
function judgeLines(file: ChangedFile, allowed: readonly PathPattern[]): Finding[] {
  const patterns = allowed.filter((pattern) => namesOf(file).some((path) => pattern.matches(path)));
  const ranges = patterns.flatMap(({ lines }) => lines ?? []);
  if (ranges.length < patterns.length || file.kind === "mode") return [];
  const told = ranges.map(({ first, last }) => `${first}-${last}`).join(", ");
  const common = { rule: "lines", path: file.path } as const;
  const isText = file.hunks.length > 0 || file.before === file.after;
  if (!isText || (file.before === null && file.after === null)) {
    const message = `${file.path} was ${done(file, file.path)}, and is not text of which only lines ${told} could be changed.`;
    return [{ ...common, line: null, message }];
  }
  return hunksOutside(file.hunks, ranges).map(({ before: { start, count }, after }) => {
    const where =
      count === 0 ? `after line ${start}` : count === 1 ? `at line ${start}` : `at lines ${start}-${start + count - 1}`;
    const message = `${file.path} was changed ${where} (as it was before), and scope.files allows lines ${told} only.`;
    return { ...common, line: Math.max(1, after.start), message };
  });
}

function done({ kind, path, from }: ChangedFile, name: string): string {
  switch (kind) {
    case "added":
      return "added";
    case "changed":
      return "changed";
    case "deleted":
      return "deleted";
    case "renamed":
      return name === from ? `renamed to ${path}` : `made by renaming ${from}`;
    case "mode":
      return "made executable or no longer so";
    case "type":
      return "made another kind of file";
    default:
      return unreachable(kind);
  }
}
