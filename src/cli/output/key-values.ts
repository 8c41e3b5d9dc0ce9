import type { AskOutcome } from "../../ask/model/outcome.ts";
import { isoTime } from "../../ask/report/result.ts";
import { lines } from "./value-lines.ts";

/** The lines on stdout: the original's three first, in their order, then ours. One line a value, no word of Codex. */
export function keyValues(outcome: AskOutcome): string {
  const {
    sessionId,
    outputPath,
    outputRefused,
    status,
    runId,
    error,
    questions,
    changes,
    checks,
    elapsedMs,
    signal,
    survivors,
  } = outcome;
  const passed = checks.filter((check) => check.passed).length;
  return lines([
    ["session_id", sessionId],
    ["output_path", outputPath],
    ["output_refused", outputRefused],
    ["status", status],
    ["run_id", runId],
    ["error_kind", error?.kind ?? null],
    ["resets_at", isoTime(error?.resetsAt ?? null)],
    ["signal", signal],
    ["questions", questions.length || null],
    ["checks", checks.length === 0 ? null : `${passed}/${checks.length}`],
    ["changes", changes.type],
    ["files_changed", changes.type === "listed" ? changes.files.length : null],
    ["survivors", survivors.join(",") || null],
    ["elapsed", `${(elapsedMs / 1000).toFixed(1)}s`],
  ]);
}
