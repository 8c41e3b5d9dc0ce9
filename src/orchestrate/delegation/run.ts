import { UsageError } from "../../errors.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { validationCommand } from "../../handoff/document/validation-command.ts";
import { undoViolations } from "../../handoff/run/undo-violations.ts";
import { findWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { checkRequest } from "../request/check.ts";
import { kindOf } from "../request/kind.ts";
import type { ExecutorName } from "../request/schema.ts";
import { NO_EXECUTION } from "./execution.ts";
import type { DelegationOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import { verdictOf } from "./verdict.ts";
import { watchTree } from "./watched-tree.ts";

/**
 * Carries out one request, whatever comes of it: checked, worked on by an executor, judged by execution, and what left the scope put back.
 * Nothing that was started is left running.
 * @throws UsageError where there is no git work tree, or its policy cannot be read
 */
export async function runDelegation(options: DelegationOptions): Promise<Outcome> {
  const startedAt = performance.now();
  const { request, bounds, folder, context, workspace } = options;
  await makePrivateFolder(folder);
  const tree = await findWorkTree(workspace, context.signal);
  if (tree === undefined) throw new UsageError(`${workspace} is not in a git work tree.`, NO_GIT);
  const executor = executorOf(options);
  const searchPath = context.env["PATH"] ?? "";
  const place = { root: tree.root, searchPath, bounds, executor: executor ?? "claude", folder };
  const checked = await checkRequest(request, place);
  const elapsed = () => Math.round(performance.now() - startedAt);
  if (!checked.ok) return { ...nothingDone(options), refusals: checked.refusals, elapsedMs: elapsed() };
  return { ...(await carryOut(options, { ...checked, tree, executor })), elapsedMs: elapsed() };
}

const NO_GIT = "What a delegation changes is judged by git: run `git init` there, and commit what there is.";

/** Who does a task; null: nobody, its commands are run. */
function executorOf({ request, executor }: DelegationOptions): ExecutorName | null {
  if (kindOf(request.type) === "run") return null;
  return request.type === "bulk" ? "codex" : (request.executor ?? executor);
}

interface Accepted {
  readonly contract: Contract;
  readonly document: string;
  readonly trusted: readonly string[];
  readonly tree: WorkTree;
  readonly executor: ExecutorName | null;
}

async function carryOut(options: DelegationOptions, accepted: Accepted): Promise<Outcome> {
  const { request, context, folder, id, onProgress } = options;
  const { contract, tree, document, trusted, executor } = accepted;
  const kind = kindOf(request.type);
  if (executor !== null) throw new UsageError(`The executor ${executor} is not there yet.`);
  const watched = await watchTree({ contract, tree, folder, document, id, context });
  try {
    onProgress({ type: "began", tree: watched.before });
    const execution = NO_EXECUTION;
    const changes = await watched.changes();
    const { findCodex } = await import("../../codex/find-codex.ts");
    const sandbox = await findCodex(context.search);
    const named = new Set(trusted);
    const judged = await watched.judge(contract, {
      changes,
      checking: (command) => onProgress({ type: "checking", command }),
      sandbox,
      trusted: named,
    });
    const isSandboxed = (written: string) => !named.has(validationCommand(written).command);
    const undone = await undoViolations("revert", {
      ...{ tree, snapshots: watched.snapshots, folder, judged, changes },
      taskId: request.task_id,
      cancelled: false,
    });
    return {
      ...nothingDone(options),
      ...execution,
      executor,
      verdict: verdictOf({ kind, execution, judged, interrupted: context.signal.aborted }),
      files: judged.facts?.files ?? [],
      validation: (judged.facts?.validation ?? []).map((one) => ({ ...one, sandboxed: isSandboxed(one.command) })),
      findings: judged.findings,
      undone,
      remarks: judged.facts?.remarks ?? [],
    };
  } finally {
    await watched.close();
  }
}

function nothingDone({ request, folder }: DelegationOptions): Outcome {
  return {
    ...NO_EXECUTION,
    taskId: request.task_id,
    type: request.type,
    verdict: "refused",
    executor: null,
    refusals: [],
    files: [],
    validation: [],
    findings: [],
    undone: null,
    meanwhile: [],
    commit: { type: "none" },
    elapsedMs: 0,
    folder,
  };
}
