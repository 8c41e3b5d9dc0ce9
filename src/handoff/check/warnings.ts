import type { Policy } from "../contract/policy.ts";
import { lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { HandoffDocument } from "../document/parsed.ts";
import { hasOwnScope, isExample, MOST_WORDS } from "./document.ts";
import { phrasesIn } from "./phrases.ts";

/** What looks wrong in a document and may be right. */
export function warningsIn(document: HandoffDocument, policy: Policy, words: number): readonly Gap[] {
  const { handoff, lines } = document;
  const example = gap(
    lineOf(lines, "tasks"),
    "The tasks are still those of the example that `handoff new` wrote.",
    "Write your own in their place.",
  );
  const long = gap(
    1,
    `The document has ${words} words for Codex; with more than ${MANY_WORDS} it may lose sight of some.`,
    `Split the task, or move what explains it into files that \`read\` names; ${MOST_WORDS} are the most.`,
  );
  return [
    ...phrasesIn(document, policy).warnings,
    ...(isExample(handoff) && hasOwnScope(handoff) ? [example] : []),
    ...(words > MANY_WORDS && words <= MOST_WORDS ? [long] : []),
  ];
}

const MANY_WORDS = 500;
