import type { ListedChanges } from "../../ask/model/evidence.ts";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { type CodexCommand, findCodex } from "../../codex/find-codex.ts";
import { asExpected } from "../../errors.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { validationCommand } from "../../handoff/document/validation-command.ts";
import type { Guarded } from "../../handoff/run/guarded-commit.ts";
import { undoViolations } from "../../handoff/run/undo-violations.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { readHead } from "../../workspace/git/read-head.ts";
import { setApart } from "../../workspace/watch/attribution.ts";
import { kindOf } from "../request/kind.ts";
import type { ExecutorName } from "../request/schema.ts";
import type { Assignment } from "./assignment.ts";
import { claudeExecution } from "./claude-execution.ts";
import { codexExecution } from "./codex-execution.ts";
import { commitDelegated } from "./commit.ts";
import { type Execution, NO_EXECUTION } from "./execution.ts";
import type { DelegationOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import { prepareDelegation } from "./prepare.ts";
import { verdictOf } from "./verdict.ts";
import { watchTree } from "./watched-tree.ts";

/**
 * Carries out one request, whatever comes of it: checked, worked on by an executor, judged by execution, and what left the scope put back.
 * Nothing that was started is left running.
 * @throws UsageError where there is no git work tree, or its policy cannot be read
 */
export async function runDelegation(options: DelegationOptions): Promise<Outcome> {
  const startedAt = monotonicMs();
  const { checked, tree, executor } = await prepareDelegation(options);
  const elapsed = () => Math.round(monotonicMs() - startedAt);
  if (!checked.ok) return { ...nothingDone(options), refusals: checked.refusals, elapsedMs: elapsed() };
  return { ...(await carryOut(options, { ...checked, tree, executor })), elapsedMs: elapsed() };
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
  const { contract, tree, document, trusted: named, executor } = accepted;
  const kind = kindOf(request.type);
  const trusted = new Set(named);
  const watched = await watchTree({ contract, tree, folder, document, id, context });
  try {
    const message = contract.handoff.commit;
    const head = message === null ? null : await readHead(tree);
    onProgress({ type: "began", tree: watched.before });
    const assignment = { contract, kind, root: tree.root, trusted };
    const since = Date.now();
    const { execution, sandbox } = await executed(executor, assignment, options);
    const all = await watched.changes(UNHURRIED);
    const { own, meanwhile, mixed } = setApart(all.files, all.root, { deeds: execution.deeds, since });
    const changes: ListedChanges = { ...all, files: own };
    const looked = { changes, trusted, checking: (command: string) => onProgress({ type: "checking", command }) };
    const lookOnly = () => watched.judge(unvalidated(contract), { ...looked, sandbox: null, signal: UNHURRIED });
    // Half of the work need not hold, and of what is only looked at there is nothing to hold.
    const validates = sandbox !== null && execution.error === null && !context.signal.aborted;
    const judged = validates
      ? await watched.judge(contract, { ...looked, sandbox, signal: context.signal }).catch((error) => {
          if (!context.signal.aborted) throw error;
          return lookOnly();
        })
      : await lookOnly();
    // Only now: what was ended in the middle of its validation is not validated.
    const interrupted = context.signal.aborted;
    const undoable = judged.findings.filter(({ path }) => path === null || !mixed.has(path));
    const undone = await undoViolations("revert", {
      ...{
        tree,
        state: context.state,
        folder,
        changes,
        snapshots: watched.snapshots,
        judged: { ...judged, findings: undoable },
      },
      ...{ taskId: request.task_id, cancelled: false },
    });
    const verdict = verdictOf({ kind, execution, judged, interrupted });
    const clean = verdict === "completed" && meanwhile.length === 0;
    const place = { snapshots: watched.snapshots, env: context.env, signal: context.signal };
    const made: Guarded =
      message === null || head === null || !clean
        ? { commit: { type: "none" }, findings: [] }
        : await commitDelegated(message, { contract, tree, judged, changes, head, document, ...place });
    const findings = [...made.findings, ...judged.findings];
    const isSandboxed = (written: string) => !trusted.has(validationCommand(written).command);
    return {
      ...nothingDone(options),
      ...outward(execution),
      ...{ executor, undone, meanwhile, findings, commit: made.commit },
      verdict: made.findings.length > 0 ? "violated" : verdict,
      files: judged.facts?.files ?? [],
      validation: (judged.facts?.validation ?? []).map((one) => ({ ...one, sandboxed: isSandboxed(one.command) })),
      remarks: [...execution.remarks, ...(judged.facts?.remarks ?? [])],
    };
  } finally {
    await watched.close();
  }
}

// What was done until we were asked to end is looked at all the same.
const UNHURRIED = new AbortController().signal;

interface Executed {
  readonly execution: Execution;
  /** Where commands run that the person has not named; null: nothing is validated. */
  readonly sandbox: CodexCommand | null;
}

async function executed(
  executor: ExecutorName | null,
  assignment: Assignment,
  options: DelegationOptions,
): Promise<Executed> {
  try {
    // Found before anything starts: work that cannot be validated would be in vain.
    const sandbox = assignment.kind === "look" ? null : await findCodex(options.context.search);
    return { execution: await executionBy(executor, assignment, options), sandbox };
  } catch (error) {
    return { execution: { ...NO_EXECUTION, error: asExpected(error) }, sandbox: null };
  }
}

async function executionBy(
  executor: ExecutorName | null,
  assignment: Assignment,
  options: DelegationOptions,
): Promise<Execution> {
  if (executor === null) return NO_EXECUTION;
  return executor === "claude" ? claudeExecution(assignment, options) : codexExecution(assignment, options);
}

function unvalidated(contract: Contract): Contract {
  return { ...contract, handoff: { ...contract.handoff, validation: [] } };
}

function nothingDone({ request, folder }: DelegationOptions): Outcome {
  return {
    ...outward(NO_EXECUTION),
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

/** What an outcome says of an execution. */
function outward({ deeds: _deeds, ...execution }: Execution): Omit<Execution, "deeds"> {
  return execution;
}
