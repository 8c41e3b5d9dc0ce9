import type { RequiredField } from "../contract/policy.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { HandoffDocument } from "../document/parsed.ts";

/** A gap for each required field that says nothing; what two names stand for is reported once. */
export function missingFields(document: HandoffDocument, required: readonly RequiredField[]): readonly Gap[] {
  const names = new Set(required.map((name) => (name === "validation_steps" ? "validation" : name)));
  return [...names].flatMap((name) => {
    if (isStated(document, name)) return [];
    const [what, fix] = WORDS[name] ?? [`${name} is required by the policy and missing`, "Fill it in."];
    const nearly =
      name === "tasks" ? document.nearly?.tasks : name === "success_criteria" ? document.nearly?.criteria : null;
    if (nearly && !document.lines.has(name))
      return [gap(nearly.line, `${what}: the heading "${nearly.text}" is not one that they are looked for below`, fix)];
    return [gap(document.lines.get(name) ?? 1, what, fix)];
  });
}

const WORDS: Readonly<Partial<Record<RequiredField, readonly [what: string, fix: string]>>> = {
  tasks: ["There are no tasks", "List them below a heading `## Tasks` (in JSON: requirements), one sentence each."],
  success_criteria: [
    "There are no success criteria",
    "List below a heading `## Success criteria` how to see that the work is right.",
  ],
  validation: ["There is no validation step", "Name in `validation` a command that fails when the work is wrong."],
  "scope.files": ["The scope names no file", "List in `scope.files` what may be changed."],
};

function isStated({ handoff, lines }: HandoffDocument, field: RequiredField): boolean {
  switch (field) {
    case "task_id":
    case "type":
      return lines.has(field);
    case "title":
      return handoff.title !== "";
    case "notes":
      return handoff.notes !== "";
    case "commit":
      return handoff.commit !== null;
    case "changes_doc":
      return handoff.changesDoc !== null;
    case "guardrails":
      return Object.keys(handoff.guardrails).length > 0;
    case "scope.files":
      return handoff.scope.files.length > 0;
    case "scope.forbid":
      return handoff.scope.forbid.length > 0;
    case "success_criteria":
      return handoff.criteria.length > 0;
    case "expect_files":
      return handoff.expectFiles.length > 0;
    case "validation":
    case "validation_steps":
      return handoff.validation.length > 0;
    // Looked for task by task.
    case "exact_file_paths":
      return true;
    default:
      return handoff[field].length > 0;
  }
}
