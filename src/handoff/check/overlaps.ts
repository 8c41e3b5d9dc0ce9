import { type FieldLines, lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { Handoff } from "../document/handoff.ts";
import { isCovered } from "../patterns/covered.ts";
import { pathPattern } from "../patterns/patterns.ts";

/**
 * What a document allows and forbids at once. `scope.forbid` wins where both name a file, so this is a gap only where nothing is left
 * of what is allowed: `src/` without `src/secret.ts` is a scope, `src/auth.ts` without `src/` is not.
 */
export function overlaps({ scope, expectFiles, changesDoc }: Handoff, lines: FieldLines): readonly Gap[] {
  const forbidden = scope.forbid.map(pathPattern);
  const allowed = [
    ...scope.files.map((text) => ({ text, by: "scope.files allows" })),
    ...expectFiles.map((text) => ({ text, by: "expect_files asks for" })),
    ...(changesDoc === null ? [] : [{ text: changesDoc, by: "changes_doc asks for" }]),
  ];
  return allowed.flatMap(({ text, by }) => {
    const one = pathPattern(text);
    if (!isCovered(one, forbidden)) return [];
    // One pattern may cover it, or several together.
    const alone = forbidden.findIndex((pattern) => isCovered(one, [pattern]));
    const named = alone === -1 ? scope.forbid : [scope.forbid[alone] ?? ""];
    const line = lineOf(lines, alone === -1 ? "scope.forbid" : `scope.forbid[${alone}]`);
    const what = `scope.forbid has \`${named.join("`, `")}\`, and ${by} \`${text}\`: nothing of that would be left.`;
    return [gap(line, what, "Take one of the two out, or narrow scope.forbid.")];
  });
}
