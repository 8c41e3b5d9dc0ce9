import { DEFAULT_POLICY, type Policy } from "../contract/policy.ts";
import { lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { ListEntry } from "../document/handoff.ts";
import type { HandoffDocument } from "../document/parsed.ts";
import { saysNothingElse, vaguePhrases } from "./vague-phrases.ts";

/** Phrases that leave open what must be done. */
export interface PhrasesFound {
  /** Phrases that the policy itself forbids, and those in a task that says nothing else. */
  readonly gaps: readonly Gap[];
  readonly warnings: readonly Gap[];
}

export function phrasesIn(
  { handoff, prose, form, lines }: HandoffDocument,
  { forbiddenPhrases }: Policy,
): PhrasesFound {
  const isForbidden = forbiddenPhrases !== DEFAULT_POLICY.forbiddenPhrases;
  const told = (phrase: string, line: number | null) => gap(line, `"${phrase}" leaves open what to do.`, FIX);
  const inEntry = ({ text, line }: ListEntry) =>
    vaguePhrases(text, forbiddenPhrases).map(({ phrase, at }) =>
      told(phrase, line === null || form === "json" ? line : line + text.slice(0, at).split("\n").length - 1),
    );
  const notes = prose.map(({ text }) => text).join("\n");
  const inNotes = vaguePhrases(notes, forbiddenPhrases).map(({ phrase, at }) =>
    told(phrase, prose[notes.slice(0, at).split("\n").length - 1]?.line ?? lineOf(lines, "notes")),
  );
  const isOpen = ({ text }: ListEntry) => saysNothingElse(text, forbiddenPhrases);
  // Criteria that a request only implies are its commands.
  const criteria = handoff.criteria.filter(({ line }) => line !== null);
  const open = handoff.tasks.filter(isOpen).flatMap(inEntry);
  const others = [...handoff.tasks.filter((task) => !isOpen(task)), ...criteria].flatMap(inEntry).concat(inNotes);
  return isForbidden ? { gaps: [...open, ...others], warnings: [] } : { gaps: open, warnings: others };
}

const FIX = "Say what should change, and in which file; what must not be done belongs in constraints.";
