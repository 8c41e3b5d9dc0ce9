import { NO_EXECUTION } from "../../orchestrate/delegation/execution.ts";
import type { DelegationOptions } from "../../orchestrate/delegation/options.ts";
import { type Preview, previewDelegation } from "../../orchestrate/delegation/prepare.ts";
import { shellQuoted } from "../../text/quote.ts";
import type { LedOutcome } from "./task/delegate.ts";

/** A dry run of one request: it is checked as for real, nothing is started, and what would be started is named. */
export async function planOnly(options: DelegationOptions): Promise<LedOutcome> {
  const { request, folder, onProgress } = options;
  const preview = await previewDelegation(options);
  const outcome = {
    ...{ ...NO_EXECUTION, taskId: request.task_id, type: request.type, folder, executor: null, elapsedMs: 0 },
    ...{ files: [], validation: [], findings: [], undone: null, meanwhile: [], refusals: preview.refusals },
    commit: { type: "none" },
  } as const;
  if (preview.refusals.length > 0) return { ...outcome, verdict: "refused" };
  onProgress({ type: "began", tree: "" });
  return { ...outcome, verdict: "planned", notes: `Would run: ${startOf(preview)}` };
}

function startOf({ executor, commandLine }: Preview): string {
  if (commandLine !== null) return [commandLine.program, ...commandLine.args].map(shellQuoted).join(" ");
  return executor === null ? "the validation commands of the request" : "codex app-server, in a thread of its own";
}
