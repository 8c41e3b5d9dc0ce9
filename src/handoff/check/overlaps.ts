import { type FieldLines, lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { Handoff } from "../document/handoff.ts";
import { commonPath, linesApart } from "../patterns/meet.ts";
import { type PathPattern, pathPattern } from "../patterns/patterns.ts";

/** What a document allows and forbids at once: told by the form of the patterns, and by the files that exist. */
export function overlaps(handoff: Handoff, lines: FieldLines, files: readonly string[]): readonly Gap[] {
  const { scope, expectFiles, changesDoc } = handoff;
  const allowed = [
    ...scope.files.map((text) => ({ text, by: "scope.files allows" })),
    ...expectFiles.map((text) => ({ text, by: "expect_files asks for" })),
    ...(changesDoc === null ? [] : [{ text: changesDoc, by: "changes_doc asks for" }]),
  ].map(({ text, by }) => ({ by, ...matched(text, files) }));
  return scope.forbid.flatMap((text, at) => {
    const forbidden = matched(text, files);
    return allowed.flatMap(({ by, ...one }) => {
      const path = common(one, forbidden);
      if (path === null) return [];
      const both = [one.pattern.text, text].every((name) => name === path) ? "" : `: both name ${path}`;
      const what = `scope.forbid has \`${text}\`, and ${by} \`${one.pattern.text}\`${both}.`;
      return [gap(lineOf(lines, `scope.forbid[${at}]`), what, "Narrow one of the two until no file is in both.")];
    });
  });
}

interface Matched {
  readonly pattern: PathPattern;
  readonly files: ReadonlySet<string>;
}

function matched(text: string, files: readonly string[]): Matched {
  const pattern = pathPattern(text);
  return { pattern, files: new Set(files.filter(pattern.matches)) };
}

function common(one: Matched, other: Matched): string | null {
  if (linesApart(one.pattern, other.pattern)) return null;
  return commonPath(one.pattern, other.pattern) ?? [...one.files].find((file) => other.files.has(file)) ?? null;
}
