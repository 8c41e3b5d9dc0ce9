import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { localPlace } from "../../batch/place/local.ts";
import { renderBatch } from "../../batch/report/report.ts";
import { toBatchResult } from "../../batch/report/result.ts";
import { openBench } from "../../batch/run/bench.ts";
import { carryOut } from "../../batch/run/carry-out.ts";
import { type BatchOutcome, outcomeOf } from "../../batch/run/outcome.ts";
import { type BatchPaths, batchPaths } from "../../batch/schedule/journal.ts";
import { findCodex } from "../../codex/find-codex.ts";
import { cancelSignalOf, exitCodeOf, UsageError } from "../../errors.ts";
import { newId } from "../../files/state-paths.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { counted } from "../../text/words.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { openRun } from "../command/open-run.ts";
import { planTask } from "../command/task-plan.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { drawingSize, writeErr, writeOut } from "../edge/stdio.ts";
import type { Fleet, FleetOptions } from "../fleet/open-fleet.ts";
import type { OpenQueue } from "../fleet/open-queue.ts";
import { lines } from "../output/value-lines.ts";
import { writeAsked } from "../output/write-asked.ts";
import { batchPairs, closingWords } from "./lines.ts";
import { beginBatch, type OpenBatch, resumeBatch } from "./open-batch.ts";
import type { MachinesOptions } from "./open-machines.ts";
import { machineNames } from "./options.ts";
import type { BatchFlags } from "./run-options.ts";
import { batchView } from "./view.ts";

/** `ask_codex batch`: from the command line to the exit code. */
export async function run(plan: string | undefined, flags: BatchFlags): Promise<number> {
  refuseInside("ask_codex");
  const state = stateFolder();
  if (flags.resume !== undefined && plan !== undefined)
    throw new UsageError("--resume goes on with the plan that the batch began with.", "Leave the plan out.");
  if (flags.queue !== undefined && flags.on !== undefined)
    throw new UsageError("--on and --queue are two ways to other machines.", "Choose one.");
  if (flags.on !== undefined && flags.sandboxChecks)
    throw new UsageError(
      "--sandbox-checks is for checks on this machine, and --on runs them on others.",
      "Choose one.",
    );
  const queue = await openedQueue(flags);
  try {
    return await runOn(queue, plan, flags, state);
  } finally {
    queue?.close();
  }
}

/** What speaks to a queue is loaded by those who have one, and a queue that is away is found out before anything is made. */
async function openedQueue(flags: BatchFlags): Promise<OpenQueue | null> {
  const given = [flags.queue, flags.queueKey, flags.label, flags.perMinute, flags.metrics];
  if (given.every((one) => one === undefined)) return null;
  const { openQueue, requireQueueFlags } = await import("../fleet/open-queue.ts");
  requireQueueFlags(flags);
  return openQueue(flags);
}

async function runOn(
  queue: OpenQueue | null,
  plan: string | undefined,
  flags: BatchFlags,
  state: string,
): Promise<number> {
  if (flags.resume !== undefined && queue !== null) {
    const { restoreFrom } = await import("../fleet/open-fleet.ts");
    const place = resolve(currentFolder(), flags.workspace ?? "");
    await restoreFrom(queue, flags.resume, batchPaths(state, flags.resume), place);
  }
  const opened =
    flags.resume === undefined ? await beginBatch(plan, flags, state) : await resumeBatch(flags.resume, flags, state);
  if (opened === null) return 1;
  const { log, paths, hold } = opened;
  const view = batchView({ write: writeErr, size: drawingSize("stderr"), quiet: flags.quiet });
  try {
    view.show(log.schedule);
    view.say(
      `batch ${log.schedule.begun.batch_id}: ${counted(log.schedule.begun.tasks.length, "task")}, up to ${log.schedule.parallel} at once`,
    );
    if (log.schedule.begun.queue && queue === null)
      view.say("it began over a queue, and goes on on this machine; what the queue has of it stays there for 14 days");
    const outcome = await carryOutHere({ ...opened, queue }, view, state, flags);
    view.stop();
    const report = await writeDown(outcome, paths, {
      output: opened.output,
      warn: (line) => writeErr(`${line}\n`),
    });
    for (const line of closingWords(outcome)) writeErr(`${line}\n`);
    writeOut(flags.json ? `${JSON.stringify(toBatchResult(outcome, report))}\n` : batchPairs(outcome, report));
    return exitCodeOf(outcome.status, outcome.signal);
  } catch (error) {
    view.stop();
    const { batch_id: id } = log.schedule.begun;
    if (!flags.json) writeOut(lines([["batch_id", id]]));
    writeErr(`[codex] What is finished is kept; go on with --resume ${id}\n`);
    throw error;
  } finally {
    view.stop();
    log.close();
    await hold.release();
  }
}

async function carryOutHere(
  { log, paths, leftovers, queue }: OpenBatch & { readonly queue: OpenQueue | null },
  watcher: ReturnType<typeof batchView>,
  state: string,
  flags: BatchFlags,
): Promise<BatchOutcome> {
  const { begun } = log.schedule;
  const { codex, root } = begun;
  const { context } = await openRun({ quiet: true, cleanEnv: codex.cleanEnv, keepEnv: codex.keepEnv }, state);
  const tree = await findWorkTree(root);
  if (tree === undefined)
    throw new UsageError(
      `The repository that the batch began in is gone: ${root}`,
      "Put it back, or start a new batch.",
    );
  await makePrivateFolder(paths.patches);
  const { signal, env } = context;
  const fleet = queue === null ? null : await openedFleet({ flags, queue, log, paths, tree, state, say: watcher.say });
  const names = flags.queue === undefined && flags.on === undefined ? begun.options.machines : machineNames(flags.on);
  const { checkElsewhere, ...machines } = (await withMachines({ log, names, tree, say: watcher.say })) ?? {};
  const here = () =>
    localPlace({
      ...machines,
      ...{ tree, state, batchId: begun.batch_id, options: begun.options, patches: paths.patches },
      worktreeFolder: join(state, "worktrees"),
      planned: (task) => planTask(task, { codex, root, state }),
      context: async (runId, progress, ends) => ({
        ...context,
        ...{ runId, progress, signal: ends, owner: await ownHolder(runId), codex: ownCodex() },
      }),
    });
  const place = fleet?.place ?? here();
  let done = false;
  try {
    if (flags.resume !== undefined) await removeWorktree(tree.commonDir, paths.checkTree);
    for (const left of leftovers) {
      const survivors = await place.sweep(left);
      if (survivors.length > 0) watcher.say(`could not be ended: process ${survivors.join(", ")}`);
    }
    await carryOut({
      ...{ log: fleet?.log ?? log, paths, tree, state, place, env, watcher, signal },
      sandbox: codex.sandboxChecks ? await findCodex(codexSearch()) : null,
      ...(checkElsewhere && { checkElsewhere }),
      bench: openBench(tree, join(paths.work, "bench")),
      newRunId: () => newId(),
    });
    done = !signal.aborted;
  } finally {
    await fleet?.close(done);
    await rm(join(paths.work, "bench"), { recursive: true, force: true });
  }
  const cancelled = signal.aborted ? cancelSignalOf(signal.reason) : null;
  const outcome = outcomeOf(log.schedule, cancelled);
  log.record("batch_finished", { status: outcome.status, error_kind: outcome.error?.kind ?? null, signal: cancelled });
  return outcomeOf(log.schedule, cancelled);
}

/** The other machines, once what an earlier process has left there is gone, as far as it can be; null: there are none. */
async function withMachines(options: MachinesOptions) {
  const { names, log } = options;
  if (names.length === 0 && log.schedule.placements.size === 0) return null;
  const { openMachines, sweepMachines } = await import("./open-machines.ts");
  await sweepMachines(options);
  return names.length === 0 ? null : openMachines(options);
}

async function openedFleet(options: FleetOptions): Promise<Fleet> {
  return (await import("../fleet/open-fleet.ts")).openFleet(options);
}

/** Resolves with where the report is. */
async function writeDown(
  outcome: BatchOutcome,
  paths: BatchPaths,
  { output, warn }: { readonly output: string | null; readonly warn: (line: string) => void },
): Promise<string> {
  const text = renderBatch(outcome, paths);
  await writeWhole(paths.report, text);
  const report = output === null ? paths.report : await writeAsked({ asked: output, own: paths.report, text }, warn);
  await writeWhole(paths.result, `${JSON.stringify(toBatchResult(outcome, report), null, 2)}\n`);
  return report;
}
