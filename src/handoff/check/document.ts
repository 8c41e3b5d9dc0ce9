import type { Policy, RequiredField } from "../contract/policy.ts";
import { lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { Entry } from "../document/handoff.ts";
import { parseInterface } from "../document/interface-entry.ts";
import type { HandoffDocument } from "../document/parsed.ts";
import { pathPattern } from "../patterns/patterns.ts";
import { namesFile } from "./exact-paths.ts";
import { overlaps } from "./overlaps.ts";
import { missingFields } from "./required-fields.ts";
import { vaguePhrases } from "./vague-phrases.ts";

/** What a document is held against. */
export interface Look {
  readonly policy: Policy;
  /** Every file of the work tree that git does not ignore. */
  readonly files: readonly string[];
  /** How many words Codex would be told. */
  readonly words: number;
  /** Validation commands that cannot be run, and why. */
  readonly commandFaults: ReadonlyMap<string, string>;
}

/** Everything that keeps a document from being a contract: all of it at once, from the top down. */
export function gapsIn(document: HandoffDocument, look: Look): readonly Gap[] {
  const { handoff, lines } = document;
  const gaps = [
    ...missingFields(document, requiredOf(document, look.policy)),
    ...tasksWithoutFile(document, look),
    ...phrases(document, look.policy.forbiddenPhrases),
    ...overlaps(handoff, lines, look.files),
    ...negations(document),
    ...badLines(document),
    ...unreadableInterfaces(document),
    ...handoff.validation.flatMap((command, at) => {
      const fault = look.commandFaults.get(command);
      const mend = "Correct the command, or let a task make what it needs and name that in expect_files.";
      if (fault === undefined) return [];
      return [gap(lineOf(lines, `validation[${at}]`), `\`${command}\` cannot be run: ${fault}.`, mend)];
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

/** With one file in scope every task is about that one, unless the policy wants it said. */
function tasksWithoutFile({ handoff }: HandoffDocument, { policy, files }: Look): readonly Gap[] {
  const { scope, read, expectFiles, changesDoc, tasks } = handoff;
  const [only, more] = scope.files.map(pathPattern);
  if (only?.literal && more === undefined && !policy.requiredFields.includes("exact_file_paths")) return [];
  const named = [...scope.files, ...read, ...expectFiles, ...(changesDoc === null ? [] : [changesDoc])].map(
    pathPattern,
  );
  const known = new Set([...files, ...named.filter(({ literal }) => literal).map(({ path }) => path)]);
  return tasks.flatMap(({ text, line }, at) =>
    namesFile(text, known)
      ? []
      : [
          gap(
            line,
            `Task ${at + 1} names no exact file path.`,
            "Say in which file, such as `src/auth.ts`, it is to be done.",
          ),
        ],
  );
}

function phrases({ handoff, prose, form, lines }: HandoffDocument, forbidden: readonly string[]): readonly Gap[] {
  const notes = prose.map(({ text }) => text).join("\n");
  const mend = "Say what is to change, and in which file; what is not to be done belongs into constraints.";
  const told = (phrase: string, line: number | null) => gap(line, `"${phrase}" leaves open what is to be done.`, mend);
  const inEntry = ({ text, line }: Entry) =>
    vaguePhrases(text, forbidden).map(({ phrase, at }) =>
      told(phrase, line === null || form === "json" ? line : line + text.slice(0, at).split("\n").length - 1),
    );
  const inNotes = vaguePhrases(notes, forbidden).map(({ phrase, at }) =>
    told(phrase, prose[notes.slice(0, at).split("\n").length - 1]?.line ?? lineOf(lines, "notes")),
  );
  // Criteria that a request only implies are its commands.
  return [...handoff.tasks, ...handoff.criteria.filter(({ line }) => line !== null)].flatMap(inEntry).concat(inNotes);
}

/** `!(a)` is no negation, but a part of a pattern. */
function negations({ handoff, lines }: HandoffDocument): readonly Gap[] {
  const mends = {
    files: "Name in scope.files what may be changed; use scope.forbid for what must not be touched.",
    forbid: "Name in scope.forbid what must not be touched, and nothing else.",
  };
  return (["files", "forbid"] as const).flatMap((name) =>
    handoff.scope[name].flatMap((text, at) => {
      if (!/^!(?!\()/.test(pathPattern(text).path)) return [];
      const what = `\`${text}\` is a negation, which scope.${name} does not have.`;
      return [gap(lineOf(lines, `scope.${name}[${at}]`), what, mends[name])];
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
    const mend = "Write `src/user.ts#User` for a symbol, or `src/user.ts: text` for a text that the file holds.";
    return [gap(lineOf(lines, `interfaces[${at}]`), `\`${entry}\` names no interface.`, mend)];
  });
}

// A longer one is more than one task.
const MOST_WORDS = 500;

function tooManyWords(words: number): readonly Gap[] {
  if (words <= MOST_WORDS) return [];
  const what = `The prompt has ${words} words; ${MOST_WORDS} are the most.`;
  return [gap(1, what, "Split the task, or move what explains it into files that `read` names.")];
}
