import { join } from "node:path";
import type { StateFile } from "../../broker/store/state-file.ts";
import { isObject } from "../../broker/store/state-shape.ts";
import { readPlain } from "../../files/read-plain.ts";
import { escapeValue } from "../../text/defuse.ts";
import { answerText } from "./answer-lines.ts";

/** What Codex answered in the last run of a session, as `ask_codex` prints it; empty when there is no answer. `before`: the bytes printed so far. */
export function lastAnswerText(state: StateFile, before: number): string {
  const answer = lastAnswer(state);
  if (answer === "") return "";
  return answerText(answer, { ids: `last_output_path=${escapeValue(state.last_output_path ?? "")}`, before });
}

/** The answer that a session's last run has left in its result. */
export function lastAnswer({ current_run_dir, run_id }: StateFile): string {
  // While one runs, the folder is that run's.
  if (current_run_dir === null || run_id !== null) return "";
  try {
    const result: unknown = JSON.parse(readPlain(join(current_run_dir, "result.json")));
    const answer = isObject(result) ? result["answer"] : "";
    return typeof answer === "string" ? answer.trim() : "";
  } catch {
    // The keys name the report; without a result there is no more to say.
    return "";
  }
}
