import { explainProblem, explainRefusal, settingsRefused } from "../../codex/classify-problem.ts";
import type { Message, Turn } from "../../codex/fold-turn.ts";
import { serverGone } from "../../codex/server-exit.ts";
import type { TurnOutcome } from "../../codex/turn/outcome.ts";
import { AskCodexError, type CancelSignal, ERROR_KINDS, unreachable } from "../../errors.ts";
import type { Question } from "../model/question.ts";

/** What a turn amounts to, before any check of its work. */
export type TurnVerdict =
  | { readonly type: "answered"; readonly answer: string }
  | { readonly type: "asked"; readonly questions: readonly Question[] }
  | { readonly type: "cancelled"; readonly signal: CancelSignal }
  | { readonly type: "failed"; readonly error: AskCodexError };

/** Success is proved: Codex said `completed`, and there is an answer. Everything else is named. */
export function judgeTurn({ end, turn }: TurnOutcome): TurnVerdict {
  switch (end.type) {
    case "ended":
      return judgeEnded(turn);
    case "question":
      return { type: "asked", questions: end.questions.map((q) => ({ ...q, options: q.options ?? [] })) };
    case "cancelled":
      return { type: "cancelled", signal: end.reason as CancelSignal };
    case "timeout": {
      const { kind, afterMs } = end.expiry.last;
      const what = kind === "idle" ? "Codex stayed silent" : "Codex was not done";
      const message = `${what} for ${seconds(afterMs)} s after one grace window`;
      return failed(new AskCodexError(kind === "idle" ? "idle_timeout" : "total_timeout", message));
    }
    case "network":
      return failed(new AskCodexError("network", problemText(turn) || "Codex cannot reach its model provider"));
    case "auth":
      return failed(new AskCodexError("auth", problemText(turn) || "the model provider refused the login"));
    case "settings":
      return failed(settingsMismatch(end.mismatches));
    case "refused":
      return failed(explainRefusal(end.error));
    case "exited":
      return failed(serverGone(end.exit));
    default:
      return unreachable(end);
  }
}

/** Codex resolved settings otherwise than asked: whatever it did under them is not what was wanted. */
export function settingsMismatch(sentences: readonly string[]): AskCodexError {
  const sandbox = sentences.some((sentence) => sentence.startsWith("sandbox"));
  return settingsRefused(sandbox ? "sandbox" : "protocol", sentences.join("; "));
}

/** What Codex wrote last: the answer, else its last message, or what there was of one when the turn ended early. */
export function lastWords(turn: Turn): string {
  const last = (turn.answer ?? turn.messages.findLast(hasText))?.text ?? "";
  const draft = turn.draft?.text.trim() ? turn.draft.text : "";
  return turn.state === "completed" ? last : draft || last;
}

function hasText({ text }: Message): boolean {
  return text.trim() !== "";
}

function judgeEnded(turn: Turn): TurnVerdict {
  switch (turn.state) {
    case "completed": {
      if (turn.id !== null && !turn.ids.includes(turn.id))
        return failed(new AskCodexError("protocol", "Codex ended a turn that it had never begun"));
      // Notes on the way and parts of an answer are not an answer.
      if (turn.answer !== null) return { type: "answered", answer: turn.answer.text };
      const what = turn.messages.some(hasText) ? "a final answer: it wrote notes on the way only" : "a message";
      return failed(new AskCodexError("empty_answer", `Codex ended its turn without ${what}`));
    }
    case "failed":
      return failed(problemError(turn));
    default:
      return failed(new AskCodexError("turn_failed", "the turn was interrupted from outside"));
  }
}

function problemError(turn: Turn): AskCodexError {
  const error = turn.problem?.error;
  if (error === undefined) return new AskCodexError("turn_failed", "Codex reported a failed turn without a reason");
  return explainProblem(error, turn.resetsAt);
}

function problemText(turn: Turn): string {
  return turn.problem === null ? "" : explainProblem(turn.problem.error, null).message;
}

function failed(error: AskCodexError): TurnVerdict {
  return { type: "failed", error };
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

/** The status that a failure ends the run with. */
export function failureStatus(error: AskCodexError) {
  return ERROR_KINDS[error.kind].status;
}
