import type { AskPlan } from "../../ask/model/plan.ts";
import { contractOf } from "../../batch/check/tasks.ts";
import type { CodexOptions } from "../../batch/plan/options.ts";
import type { BatchTask } from "../../batch/plan/task.ts";
import { UsageError } from "../../errors.ts";
import { promptFor } from "../../handoff/contract/prompt.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { preparePlan } from "./prepare-plan.ts";

/**
 * What Codex is asked for a task, and the contract that judges it.
 * @throws UsageError when its document is not what it was when the batch began
 */
export async function planTask(
  task: BatchTask,
  { codex, root, state }: { readonly codex: CodexOptions; readonly root: string; readonly state: string },
): Promise<{ readonly plan: AskPlan; readonly contract: Contract | null }> {
  const contract = await contractFor(task, codex, root);
  const prompt = contract === null ? (task.prompt ?? "") : promptFor(contract, task.handoff?.path ?? "");
  const checked = task.verifyCommand !== null || task.expectFiles.length > 0;
  const rounds = task.verifyRounds ?? codex.verifyRounds;
  const { model, reasoning } = { model: task.model ?? codex.model, reasoning: task.reasoning ?? codex.reasoning };
  const flags = {
    ...{
      file: task.read,
      image: [],
      fork: false,
      readOnly: false,
      fullAuto: false,
      network: false,
      sandboxChecks: codex.sandboxChecks,
      addDir: [],
    },
    ...{ config: codex.config, cleanEnv: codex.cleanEnv, keepEnv: codex.keepEnv, expectFile: task.expectFiles },
    workspace: root,
    timeout: atMost(codex.timeout, task.timeout),
    idleTimeout: atMost(codex.idleTimeout, task.idleTimeout),
    retryWindow: codex.retryWindow,
    verifyRounds: checked ? rounds : 0,
    ...(model !== null && { model }),
    ...(reasoning !== null && { reasoning }),
    ...(task.role !== null && { role: task.role }),
    ...(task.sandbox !== null && { sandbox: task.sandbox }),
    ...(task.verifyCommand !== null && { verifyCmd: task.verifyCommand }),
  };
  const plan = await preparePlan(flags, prompt, root, state);
  // The rounds of a contract are its own, whose checks the flags know nothing of.
  const checks =
    contract === null
      ? plan.checks
      : { ...plan.checks, verifyRounds: rounds, sandboxed: contract.guardrails.sandboxChecks };
  return { plan: { ...plan, checks }, contract };
}

/** The document stays where it is: in a worktree it would be a part of the result. */
async function contractFor(
  { handoff, id }: BatchTask,
  { sandboxChecks }: CodexOptions,
  root: string,
): Promise<Contract | null> {
  if (handoff === null) return null;
  const { contract, hash } = await contractOf(handoff.path, { root, searchPath: ownEnvironment()["PATH"] ?? "" });
  if (contract === null || hash !== handoff.hash)
    throw new UsageError(
      `${id}: its document is not what it was when the batch began: ${handoff.path}`,
      "Put it back, or start a new batch.",
    );
  const { guardrails } = contract;
  const guarded = { ...guardrails, sandboxChecks: guardrails.sandboxChecks || sandboxChecks };
  return { ...contract, guardrails: guarded, document: null };
}

/** In seconds; 0: no limit. */
function atMost(given: number, own: number | null): number {
  if (own === null) return given;
  return given === 0 ? own : Math.min(given, own);
}
