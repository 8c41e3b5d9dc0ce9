import { oneLine } from "../ask/defuse.ts";
import type { AskOutcome } from "../ask/outcome.ts";

/** What stderr ends with: why it failed and what can be done, or what Codex wants to know. */
export function closingLines(outcome: AskOutcome): readonly string[] {
  const { status, error, questions, survivors, sessionId } = outcome;
  const failed = error === null ? [] : [failure(status, error.kind, error.message), `[codex] ${error.hint}`];
  const asked = questions.map(({ question, options }) => {
    const choices = options.length === 0 ? "" : ` [${options.map(({ label }) => oneLine(label, 40)).join(" | ")}]`;
    return `[codex] question: ${oneLine(question, 300)}${choices}`;
  });
  const pending =
    status === "pending_question" ? [`[codex] Pending question — answer it with --session ${sessionId}`] : [];
  const left = survivors.length === 0 ? [] : [`[WARNING] could not be ended: process ${survivors.join(", ")}`];
  return [...failed, ...asked.slice(0, 5), ...pending, ...left];
}

function failure(status: string, kind: string, message: string): string {
  const sentence = `${kind}: ${oneLine(message, 400)}`;
  if (status === "fatal") return `[FATAL] Codex cannot work now — ${sentence}`;
  if (status === "timeout") return `[TIMEOUT] ${sentence} — terminating.`;
  return `[ERROR] ${sentence}`;
}
