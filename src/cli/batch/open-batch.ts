import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Leftover } from "../../batch/place/place.ts";
import {
  type BatchLog,
  type BatchPaths,
  batchPaths,
  beginLog,
  continueLog,
  readSchedule,
} from "../../batch/schedule/journal.ts";
import { counts } from "../../batch/schedule/task-state.ts";
import { UsageError } from "../../errors.ts";
import { newId } from "../../files/state-paths.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { type Hold, takeHold } from "../../process/hold.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { currentFolder } from "../edge/folders.ts";
import { requireState } from "../edge/output-path.ts";
import { outputPlace } from "../edge/output-place.ts";
import { tellPlan, tellWarnings } from "./check.ts";
import { loadPlan, PARALLEL, ROUNDS } from "./load-plan.ts";
import type { BatchFlags } from "./run-options.ts";

/** A batch that this process carries out, and no other. */
export interface OpenBatch {
  readonly log: BatchLog;
  readonly paths: BatchPaths;
  readonly hold: Hold;
  /** What an earlier process may have left. */
  readonly leftovers: readonly Leftover[];
  /** A second place for the report. */
  readonly output: string | null;
}

/** A new batch; null: its plan has faults, which were printed. */
export async function beginBatch(
  given: string | undefined,
  flags: BatchFlags,
  state: string,
): Promise<OpenBatch | null> {
  if (given === undefined)
    throw new UsageError("There is no plan.", "Name a file, a folder or -; or go on with --resume.");
  if (flags.retry.length > 0)
    throw new UsageError("--retry needs --resume.", "Say which batch the task is of: --resume <id>.");
  await requireState(state);
  const plan = await loadPlan(given, flags);
  const { faults, tree, base, from, options, tasks } = plan;
  if (faults.length > 0) {
    tellPlan(plan, flags.json);
    return null;
  }
  if (!flags.quiet) tellWarnings(plan);
  const output =
    flags.output === undefined ? null : outputPlace("--output", resolve(currentFolder(), flags.output), tree.root);
  const id = newId();
  const paths = batchPaths(state, id);
  await makePrivateFolder(paths.folder);
  const hold = await take(paths, id);
  const { config, timeout, idleTimeout, retryWindow, cleanEnv, keepEnv, sandboxChecks } = flags;
  const { model = null, reasoning = null } = flags;
  const codex = {
    model,
    reasoning,
    config,
    timeout,
    idleTimeout,
    retryWindow,
    cleanEnv,
    keepEnv,
    sandboxChecks,
    verifyRounds: flags.verifyRounds ?? ROUNDS,
  };
  const overQueue = flags.queue === undefined ? {} : { queue: true };
  try {
    const log = beginLog(paths, { batch_id: id, root: tree.root, base, from, options, tasks, codex, ...overQueue });
    return { log, paths, hold, output, leftovers: [] };
  } catch (error) {
    await rm(paths.folder, { recursive: true, force: true });
    throw error;
  }
}

/** A batch that went before, as far as it came. */
export async function resumeBatch(id: string, flags: BatchFlags, state: string): Promise<OpenBatch> {
  const paths = batchPaths(state, id);
  const { begun, landed, landing, tasks } = readSchedule(paths, id);
  for (const name of flags.retry) {
    const task = tasks.get(name);
    if (task === undefined)
      throw new UsageError(`--retry ${name}: the batch has no such task.`, `See them: ask_codex batch status ${id}`);
    if (counts(task)) throw new UsageError(`--retry ${name}: its result is clean.`, "Leave this --retry out.");
    // Also where a process was killed in the middle of it: this one finishes just that.
    if (landed?.how === "applied" || (landing !== null && landed === null))
      throw new UsageError(
        `--retry ${name}: the rest is in your work tree already.`,
        "Start a new batch with what is left.",
      );
  }
  const output =
    flags.output === undefined ? null : outputPlace("--output", resolve(currentFolder(), flags.output), begun.root);
  const hold = await take(paths, id);
  try {
    const log = continueLog(paths, id);
    const before = [...log.schedule.tasks].flatMap(([name, { now }]) => (now === null ? [] : [{ name, ...now }]));
    log.record("batch_resumed", {
      ...(flags.maxTokens !== undefined && { max_tokens: flags.maxTokens || null }),
      ...(flags.queue === undefined && bounded(begun.options.parallel)),
    });
    for (const name of flags.retry) log.record("task_retried", { id: name });
    // What an interrupted task has written stays; of what begins anew nothing does.
    const leftovers = before.map(({ name, runId, worktree }) => {
      return { runId, worktree, keep: log.schedule.tasks.get(name)?.phase === "interrupted" };
    });
    return { log, paths, hold, output, leftovers };
  } catch (error) {
    await hold.release();
    throw error;
  }
}

/** A batch that began over a queue may do more at once than one machine is for. */
function bounded(parallel: number) {
  const [usual, most] = PARALLEL.here;
  return parallel > most ? { at_most: usual } : {};
}

async function take({ hold }: BatchPaths, id: string): Promise<Hold> {
  const taken = await takeHold(hold, await ownHolder(id));
  if (taken.type === "held") return taken.hold;
  throw new UsageError(
    `The batch ${id} is being carried out by process ${taken.holder.pid}.`,
    `Watch it: ask_codex batch watch ${id}`,
  );
}
