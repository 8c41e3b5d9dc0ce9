import { fenced } from "../../text/markdown.ts";
import type { Facts } from "../facts/facts.ts";
import type { Finding } from "../judge/finding.ts";

/** The message that lets Codex repair its work: each failure with its place, and what failing commands printed last. */
export function repairMessage(failures: readonly Finding[], { validation }: Facts): string {
  const items = failures.map(({ path, line, message }, at) => {
    const place = path === null ? "" : `${path}${line === null ? "" : `:${line}`}: `;
    return `${at + 1}. ${place}${message}`;
  });
  const outputs = validation
    .filter(({ passed }) => !passed)
    .map(({ command, detail }) => `The output of \`${command}\` ended with:\n\n${fenced(endOf(detail))}`);
  return [
    "The work was checked from outside after your last turn. This does not hold yet:",
    items.join("\n"),
    ...outputs,
    "Fix exactly this, inside of the same scope and limits as before. Keep the checks themselves, tests included, as they are: none may be deleted, skipped or weakened. Do not commit.",
    `Close again ${WITH_ONE_LINE}`,
  ].join("\n\n");
}

const WITH_ONE_LINE = "with one line: DONE, or BLOCKED: and the reason, or PARTIAL: and what remains.";

/** The message for Codex when its work holds and it has not said whether that is all. */
export const CLOSE_WITH_A_WORD = `Your last message did not say whether all of the tasks are done. Change no file for this. Close ${WITH_ONE_LINE}`;

/** Each of several long outputs keeps its end: there the error stands. */
function endOf(output: string): string {
  if (output.length <= MOST_CHARACTERS) return output;
  const cut = output.slice(-MOST_CHARACTERS);
  return `…\n${cut.slice(cut.indexOf("\n") + 1)}`;
}

const MOST_CHARACTERS = 4_000;
