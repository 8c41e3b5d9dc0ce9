import { makePrivateFolder } from "../../files/write-whole.ts";
import { claudeCommandLine } from "../../orchestrate/delegation/claude-execution.ts";
import { NO_EXECUTION } from "../../orchestrate/delegation/execution.ts";
import type { DelegationOptions } from "../../orchestrate/delegation/options.ts";
import { type CheckedRequest, checkRequest } from "../../orchestrate/request/check.ts";
import { kindOf } from "../../orchestrate/request/kind.ts";
import { shellQuoted } from "../../text/quote.ts";
import type { LedOutcome } from "./delegate.ts";

/** A dry run of one request: it is checked as for real, nothing is started, and what would be started is named. */
export async function planOnly(options: DelegationOptions): Promise<LedOutcome> {
  const { request, folder, workspace, context, bounds, onProgress } = options;
  await makePrivateFolder(folder);
  const executor = request.type === "bulk" ? "codex" : (request.executor ?? options.executor);
  const place = { root: workspace, searchPath: context.env["PATH"] ?? "", bounds, executor, folder };
  const checked = await checkRequest(request, place);
  const outcome = {
    ...{ ...NO_EXECUTION, taskId: request.task_id, type: request.type, folder, executor: null, elapsedMs: 0 },
    ...{ files: [], validation: [], findings: [], undone: null, meanwhile: [], refusals: [] },
    commit: { type: "none" },
  } as const;
  if (!checked.ok) return { ...outcome, verdict: "refused", refusals: checked.refusals };
  onProgress({ type: "began", tree: "" });
  return { ...outcome, verdict: "planned", notes: `Would run: ${await commandLine(options, executor, checked)}` };
}

async function commandLine(
  options: DelegationOptions,
  executor: "claude" | "codex",
  { contract, trusted }: Extract<CheckedRequest, { ok: true }>,
): Promise<string> {
  const kind = kindOf(options.request.type);
  if (kind === "run") return contract.handoff.validation.join(" ; ");
  if (executor === "codex") return "codex app-server, in a thread of its own";
  const assignment = { contract, kind, root: options.workspace, trusted: new Set(trusted) };
  const { program, args } = await claudeCommandLine(assignment, options);
  return [program, ...args].map(shellQuoted).join(" ");
}
