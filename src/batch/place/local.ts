import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { AskContext, Progress } from "../../ask/model/context.ts";
import type { Elsewhere } from "../../ask/model/elsewhere.ts";
import type { Changes } from "../../ask/model/evidence.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import { countRun } from "../../ask/report/ledger-entry.ts";
import { runTask } from "../../ask/run/task.ts";
import { asExpected, messageOf } from "../../errors.ts";
import { runPaths } from "../../files/state-paths.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { runHandoff } from "../../handoff/run/handoff.ts";
import { endProcesses, processesMarked } from "../../process/end-processes.ts";
import { RUN_MARKER } from "../../process/run-marker.ts";
import { findWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { addWorktree, removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { patchOf } from "../../workspace/worktree/patch.ts";
import type { BatchOptions } from "../plan/options.ts";
import type { BatchTask } from "../plan/task.ts";
import type { TaskResult } from "../schedule/result.ts";
import { outsideOf, planOfJob } from "./job-plan.ts";
import { noticing, progressFor } from "./job-progress.ts";
import type { Job, JobWatcher, Place } from "./place.ts";
import { prepareWorktree, slotVariables } from "./prepare.ts";
import { resultOfFailure, resultOfRun, statusWith } from "./result-of-run.ts";

/** What this machine is given to run tasks with. */
export interface LocalPlaceOptions {
  readonly tree: WorkTree;
  readonly state: string;
  /** Where worktrees are made. */
  readonly worktreeFolder: string;
  readonly batchId: string;
  readonly options: Pick<BatchOptions, "worktrees" | "copies" | "setup">;
  /** Where patches go. */
  readonly patches: string;
  /** Does a job on another machine, its worktree here being where the result is brought to; left out: jobs are done here. */
  readonly elsewhere?: (
    job: Job,
    place: ElsewherePlace,
    act: (elsewhere: Elsewhere, signal: AbortSignal) => Promise<Worked>,
  ) => Promise<Worked>;
  readonly setAside?: NonNullable<Place["setAside"]>;
  /** The task's plan and contract, made before the batch began. */
  readonly planned: (task: BatchTask) => Promise<{ readonly plan: AskPlan; readonly contract: Contract | null }>;
  readonly context: (runId: string, progress: Progress, signal: AbortSignal) => Promise<AskContext>;
}

/** What a job on another machine has here. */
interface ElsewherePlace {
  readonly worktree: string;
  /** The run's own folder. */
  readonly folder: string;
  readonly setupLog: string;
  readonly signal: AbortSignal;
}

/** This machine: a git worktree for each job, and Codex in it. */
export function localPlace(given: LocalPlaceOptions): Place {
  const { tree, worktreeFolder, options } = given;
  const worktreeOf = ({ runId }: Pick<Job, "runId">) => (options.worktrees ? join(worktreeFolder, runId) : null);
  return {
    worktreeOf,
    ...(given.setAside && { setAside: given.setAside }),
    async sweep({ runId, worktree, keep }) {
      const left = await endProcesses(await processesMarked(RUN_MARKER, runId));
      if (worktree !== null && !keep) await removeWorktree(tree.commonDir, worktree);
      return left.map(({ pid }) => pid);
    },
    async run(job, watcher, signal) {
      const worktree = worktreeOf(job);
      const { told, hasBegun } = noticing(watcher);
      const result = await attempt(job, worktree, { ...given, watcher: told, signal }).catch((error) => {
        const ended = { cancelled: signal.aborted, begun: hasBegun() };
        return resultOfFailure(asExpected(error, `the task ${job.task.id}`), job, ended);
      });
      // Nothing else has what was done in there.
      if (worktree !== null && result.stranded !== true)
        await removeWorktree(tree.commonDir, worktree).catch(notRemoved(worktree, watcher));
      return result;
    },
  };
}

/** Says so: it takes room, and git knows of it. */
function notRemoved(worktree: string, { left }: Pick<JobWatcher, "left">): (error: unknown) => void {
  return (error) =>
    left(`the worktree ${worktree} could not be removed (${messageOf(error)}): git worktree remove --force`);
}

interface Attempting extends LocalPlaceOptions {
  readonly watcher: JobWatcher;
  readonly signal: AbortSignal;
}

async function attempt(job: Job, worktree: string | null, given: Attempting): Promise<TaskResult> {
  const { tree, state, options, signal } = given;
  const paths = runPaths(state, job.runId);
  await makePrivateFolder(paths.folder);
  const made = await given.context(job.runId, progressFor(given.watcher), signal);
  const context = { ...made, env: { ...made.env, ...slotVariables(job.slot) } };
  const setupLog = join(paths.folder, "setup.log");
  if (worktree !== null) {
    await addWorktree(tree, worktree, { commit: job.base, signal });
    // What tasks need on another machine is prepared there.
    if (given.elsewhere === undefined)
      await prepareWorktree(worktree, { from: tree.root, ...options, env: context.env, log: setupLog, signal });
  }
  const own = worktree === null ? tree : await treeAt(worktree);
  const result =
    given.elsewhere === undefined || worktree === null
      ? await work(job, own, context, given)
      : await given.elsewhere(job, { worktree, folder: paths.folder, setupLog, signal }, (elsewhere, ends) =>
          work(job, own, { ...context, elsewhere, signal: ends }, given),
        );
  return worktree === null ? withChanges(result, job) : withPatch(result, job, worktree, given);
}

async function work(job: Job, own: WorkTree, context: AskContext, given: Attempting): Promise<Worked> {
  const { plan: planned, contract } = await given.planned(job.task);
  const plan = await planOfJob(planned, job, { workspace: own.root, state: given.state });
  if (contract === null) {
    const run = await runTask(plan, context);
    await countRun(given.state, run, {
      kind: "ask",
      workspace: given.tree.root,
      project: given.tree.root,
      batch: given.batchId,
    });
    return { ...resultOfRun(run, job, null), changes: run.changes };
  }
  const document = job.task.handoff?.path ?? "";
  const batch = { id: given.batchId, root: given.tree.root };
  const judged = await runHandoff({ contract, tree: own, document, plan, onViolation: "keep", batch }, context);
  return { ...resultOfRun(judged.run, job, judged), changes: judged.run.changes };
}

type Worked = TaskResult & { readonly changes: Changes };

/** In the user's own tree there is no patch, only what the run itself has seen; beside other runs, what is in its scope. */
function withChanges({ changes, ...result }: Worked, { task }: Job): TaskResult {
  const files = changes.type === "listed" ? changes.files : [];
  const outside = outsideOf(files, task.handoff === null ? task.files : null);
  const alone = changes.type !== "listed" || changes.alsoRunning.length === 0;
  if (!alone) return { ...result, files: files.length - outside.length };
  return { ...result, status: statusWith({ ...result, outside }), files: files.length, outside };
}

/** The patch is on the disk before the worktree goes. */
async function withPatch(
  { changes: _, ...result }: Worked,
  { task, runId, base }: Job,
  worktree: string,
  { patches, signal }: Attempting,
): Promise<TaskResult> {
  const scratch = join(patches, `${runId}.scratch`);
  await makePrivateFolder(scratch);
  try {
    const { patch, files, missing } = await patchOf(
      { folder: worktree, base },
      scratch,
      signal.aborted ? undefined : signal,
    );
    const path = patch.length === 0 ? null : join(patches, `${runId}.patch`);
    if (path !== null) await writeWhole(path, patch);
    // A contract has its own judge, which knows of lines and of documents.
    const outside = task.handoff === null ? outsideOf(files, task.files) : [];
    const found = { outside, missing, files: files.length + missing.length };
    return { ...result, ...found, status: statusWith({ ...result, ...found }), patch: path };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function treeAt(folder: string): Promise<WorkTree> {
  const tree = await findWorkTree(folder);
  if (tree === undefined) throw new Error(`git made no worktree in ${folder}`);
  return tree;
}
