import type { Contract, Guardrails, Handoff, ListEntry } from "../document/handoff.ts";
import { validationCommand } from "../document/validation-command.ts";

/**
 * The instructions for Codex: the same contract gives the same text, byte for byte. `documentPath` is where Codex finds the document: from the
 * root of the work tree, else absolute.
 */
export function promptFor(contract: Contract, documentPath: string): string {
  const { handoff, guardrails, rules, lessons } = contract;
  const { scope, expectFiles, changesDoc } = handoff;
  const parts = [
    `Read \`${documentPath}\` and implement all of its tasks. Your work is checked against it by a program.`,
    section("Read these first, in this order:", numbered(handoff.read)),
    section("Tasks:", numbered(handoff.tasks.map(textOf))),
    section("Change only these files (with lines: only those lines):", points(scope.files)),
    section("These files must exist when you are done:", points(expectFiles)),
    `Limits: ${limits(guardrails).join("; ")}.`,
    section("Do not touch:", points(scope.forbid)),
    section("Keep these interfaces as they are:", points(handoff.interfaces)),
    section("Constraints:", points([...handoff.constraints, ...rules])),
    section("Success criteria:", points(handoff.criteria.map(textOf))),
    section(
      "These commands must succeed; run them, they are run again afterwards:",
      points(handoff.validation.map((written) => validationCommand(written).command)),
    ),
    changesDoc === null ? "" : `Write \`${changesDoc}\`: every file you changed, by its path, and what changed in it.`,
    section("Learned from earlier work:", points(lessons)),
    CLOSING,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** How many words a text has. */
export function wordCount(text: string): number {
  return text.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
}

/** How many words of a prompt are the document's own: limits, lessons of others and the frame around them do not count. */
export function ownWordsOf(handoff: Handoff): number {
  const { read, scope, expectFiles, interfaces, constraints, validation, lessons, tasks, criteria } = handoff;
  const lists = [read, scope.files, scope.forbid, expectFiles, interfaces, constraints, validation, lessons];
  const texts = [...lists.flat(), ...[...tasks, ...criteria].map(textOf)];
  return texts.reduce((sum, text) => sum + wordCount(text), 0);
}

const CLOSING = `Do not commit: your sandbox keeps .git read-only, and the caller commits. Leave the document, .ask-codex and git hooks as they are. What you cannot do inside these bounds you report instead of doing it.

End your last message with one line that is one of:
DONE
BLOCKED: <reason>
PARTIAL: <what remains>`;

function limits(guardrails: Guardrails): readonly string[] {
  const { maxFiles, maxLines, requireTests, allowDependencies, forbidDeletedTests } = guardrails;
  return [
    `at most ${maxFiles} ${maxFiles === 1 ? "file" : "files"}`,
    ...(maxLines === null ? [] : [`at most ${maxLines} lines added and removed together`]),
    ...(requireTests ? ["tests are among the changes"] : []),
    ...(allowDependencies === false ? ["no new dependencies"] : []),
    ...(typeof allowDependencies === "object"
      ? [`no new dependencies but ${allowDependencies.join(", ") || "none"}`]
      : []),
    ...(forbidDeletedTests ? ["no test is deleted or skipped"] : []),
  ];
}

function section(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [head, ...lines].join("\n");
}

function numbered(texts: readonly string[]): readonly string[] {
  return texts.map((text, at) => indented(`${at + 1}. `, text));
}

function points(texts: readonly string[]): readonly string[] {
  return texts.map((text) => indented("- ", text));
}

function indented(mark: string, text: string): string {
  return `${mark}${text.replaceAll("\n", `\n${" ".repeat(mark.length)}`)}`;
}

function textOf({ text }: ListEntry): string {
  return text;
}
