import type { Policy, RequiredField } from "../contract/policy.ts";
import { lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { Guardrails, Handoff } from "../document/handoff.ts";
import { parseInterface } from "../document/interface-entry.ts";
import { isExampleFile, isExampleTask } from "../document/new.ts";
import type { HandoffDocument } from "../document/parsed.ts";
import { pathsNamedBy } from "../patterns/covered.ts";
import { pathPattern } from "../patterns/patterns.ts";
import { namesFile } from "./exact-paths.ts";
import { impossible } from "./impossible.ts";
import { overlaps } from "./overlaps.ts";
import { phrasesIn } from "./phrases.ts";
import { missingFields } from "./required-fields.ts";

/** What a document is held against. */
export interface DocumentContext {
  readonly policy: Policy;
  /** The limits that would count, the policy's included. */
  readonly guardrails: Guardrails;
  /** Every file of the work tree that git does not ignore. */
  readonly files: readonly string[];
  /** How many words of its own the document has for Codex. */
  readonly words: number;
  /** Validation commands that cannot be run, and why. */
  readonly commandFaults: ReadonlyMap<string, string>;
}

/** Everything that keeps a document from being a contract: all of it at once, from the top down. */
export function gapsIn(document: HandoffDocument, look: DocumentContext): readonly Gap[] {
  const { handoff, lines } = document;
  const gaps = [
    ...missingFields(document, requiredOf(document, look.policy)),
    ...untouchedExample(document),
    ...tasksWithoutFile(document, look),
    ...phrasesIn(document, look.policy).gaps,
    ...overlaps(handoff, lines),
    ...impossible(document, look),
    ...negations(document),
    ...badLines(document),
    ...unreadableInterfaces(document),
    ...handoff.validation.flatMap((command, at) => {
      const fault = look.commandFaults.get(command);
      const fix = "Correct the command, or let a task make what it needs and name that in expect_files.";
      if (fault === undefined) return [];
      return [gap(lineOf(lines, `validation[${at}]`), `\`${command}\` cannot be run: ${fault}.`, fix)];
    }),
    ...tooManyWords(look.words),
  ];
  return gaps.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
}

/** What no contract can do without, and what the policy wants. */
function requiredOf({ handoff }: HandoffDocument, policy: Policy): readonly RequiredField[] {
  const changesNothing = handoff.expectFiles.length === 0 && handoff.changesDoc === null;
  return [
    ...(changesNothing ? (["scope.files"] as const) : []),
    ...(["tasks", "success_criteria"] as const),
    ...(policy.requireValidation ? (["validation"] as const) : []),
    ...policy.requiredFields,
  ];
}

function untouchedExample({ handoff, lines }: HandoffDocument): readonly Gap[] {
  if (!isExample(handoff) || hasOwnScope(handoff)) return [];
  const fix = "Write your own title, scope, tasks and success criteria in its place.";
  return [gap(lineOf(lines, "tasks"), "This is still the example that `handoff new` wrote.", fix)];
}

/** Whether the scope is no longer the example's. */
export function hasOwnScope({ scope }: Handoff): boolean {
  return !scope.files.every(isExampleFile);
}

/** Whether the tasks are those of the example. */
export function isExample({ tasks }: Handoff): boolean {
  return tasks.length > 0 && tasks.every(({ text }) => isExampleTask(text));
}

/** Where all of scope.files are single files a task may leave open which of them, unless the policy wants it said. */
function tasksWithoutFile({ handoff }: HandoffDocument, { policy, files }: DocumentContext): readonly Gap[] {
  const { scope, read, expectFiles, changesDoc, tasks } = handoff;
  const allowed = scope.files.map(pathPattern);
  const literal = allowed.every((pattern) => pathsNamedBy(pattern).length > 0);
  if (allowed.length > 0 && literal && !policy.requiredFields.includes("exact_file_paths")) return [];
  const named = [...scope.files, ...read, ...expectFiles, ...(changesDoc === null ? [] : [changesDoc])];
  const paths = new Set([...files, ...named.map(pathPattern).flatMap(pathsNamedBy)]);
  const inScope = [...scope.files, ...expectFiles].map(pathPattern);
  const known = { paths, inScope: new Set([...paths].filter((path) => inScope.some(({ matches }) => matches(path)))) };
  return tasks.flatMap(({ text, line }, at) => {
    if (namesFile(text, known)) return [];
    const fix = "Name the file, such as `src/auth.ts`.";
    return [gap(line, `Task ${at + 1} names no exact file path.`, fix)];
  });
}

/** `!(a)` is not a negation, but a part of a pattern. */
function negations({ handoff, lines }: HandoffDocument): readonly Gap[] {
  const fixes = {
    files: "Name in scope.files what may be changed; use scope.forbid for what must not be touched.",
    forbid: "Name in scope.forbid what must not be touched, and nothing else.",
  };
  return (["files", "forbid"] as const).flatMap((name) =>
    handoff.scope[name].flatMap((text, at) => {
      if (!/^!(?!\()/.test(pathPattern(text).path)) return [];
      const what = `\`${text}\` is a negation, which scope.${name} does not have.`;
      return [gap(lineOf(lines, `scope.${name}[${at}]`), what, fixes[name])];
    }),
  );
}

function badLines({ handoff, lines }: HandoffDocument): readonly Gap[] {
  return (["files", "forbid"] as const).flatMap((name) =>
    handoff.scope[name].flatMap((text, at) => {
      const { lines: range } = pathPattern(text);
      if (range === null || (range.first >= 1 && range.first <= range.last)) return [];
      const what = `\`${text}\` names no lines: they go from 1, the first before the last.`;
      return [gap(lineOf(lines, `scope.${name}[${at}]`), what, "Write them as `path:45-89`.")];
    }),
  );
}

function unreadableInterfaces({ handoff, lines }: HandoffDocument): readonly Gap[] {
  return handoff.interfaces.flatMap((entry, at) => {
    if (parseInterface(entry) !== null) return [];
    const fix = "Write `src/user.ts#User` for a symbol, or `src/user.ts: text` for a text that the file holds.";
    return [gap(lineOf(lines, `interfaces[${at}]`), `\`${entry}\` names no interface.`, fix)];
  });
}

/** More than this is more than one task. */
export const MOST_WORDS = 1_200;

function tooManyWords(words: number): readonly Gap[] {
  if (words <= MOST_WORDS) return [];
  const what = `The document has ${words} words for Codex; ${MOST_WORDS} are the most.`;
  return [gap(1, what, "Split the task, or move what explains it into files that `read` names.")];
}
