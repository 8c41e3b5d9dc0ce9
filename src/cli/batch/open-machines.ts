import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Elsewhere } from "../../ask/model/elsewhere.ts";
import type { LocalPlaceOptions } from "../../batch/place/local.ts";
import { runSetup, slotVariables } from "../../batch/place/prepare.ts";
import type { CheckElsewhere } from "../../batch/run/check-combined.ts";
import type { BatchLog } from "../../batch/schedule/journal.ts";
import { UsageError } from "../../errors.ts";
import { newId } from "../../files/state-paths.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { type Machine, readMachines } from "../../machines/machine.ts";
import { onMachine } from "../../machines/on-machine.ts";
import { poolOf } from "../../machines/pool.ts";
import { sweepMachine } from "../../machines/sweep.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { userFile } from "../command/defaults.ts";
import { ownEnvironment } from "../edge/environment.ts";

export interface MachinesOptions {
  readonly log: BatchLog;
  readonly names: readonly string[];
  readonly tree: WorkTree;
  readonly say: (line: string) => void;
}

/** Other machines as a part of the place here, and where results are checked. */
export type OpenMachines = Pick<Required<LocalPlaceOptions>, "elsewhere" | "setAside"> & {
  readonly checkElsewhere: CheckElsewhere;
};

/**
 * The machines that a batch's tasks are done on.
 * @throws UsageError for one that is not in the user's configuration
 */
export async function openMachines({ log, names, tree, say }: MachinesOptions): Promise<OpenMachines> {
  const { begun } = log.schedule;
  const { setup } = begun.options;
  if (begun.codex.sandboxChecks)
    throw new UsageError("The batch began with --sandbox-checks, which --on cannot keep.", "Leave --on out.");
  const machines = await readMachines(names, userFile());
  const pool = poolOf(machines);
  const machineOf = (runId: string | undefined) => {
    const name = runId === undefined ? undefined : log.schedule.placements.get(runId)?.machine;
    return machines.find((machine) => machine.name === name);
  };
  const shared = { tree, env: definedIn(ownEnvironment()) };
  /** What is done on a machine is journaled before it is begun there, and once it is swept. */
  const placed = (machine: Machine, task: string, runId: string) => {
    log.record("task_placed", { id: task, run_id: runId, machine: machine.name });
    return (left: string | null) => {
      log.record("machine_ended", { run_id: runId, left });
      if (left !== null) say(left);
    };
  };
  const setUp = async ({ check }: Elsewhere, log: string, signal: AbortSignal) => {
    if (setup !== null) await runSetup({ log, signal }, (how) => check(setup, how));
  };
  return {
    elsewhere(job, place, act) {
      const { runId, base, slot, task, continues } = job;
      // A session lies where its login is.
      const before = continues === null ? undefined : machineOf(log.schedule.tasks.get(task.id)?.result?.run_id);
      return pool.on(
        (machine) => {
          const given = { ...shared, machine, runId, base, variables: slotVariables(slot), ...place };
          return onMachine({ ...given, ended: placed(machine, task.id, runId) }, async (elsewhere, signal) => {
            await setUp(elsewhere, place.setupLog, signal);
            return act(elsewhere, signal);
          });
        },
        before?.login === "own" ? before : undefined,
      );
    },
    setAside({ run_id: runId, error_kind: kind, message }) {
      const machine = machineOf(runId);
      if (machine?.login !== "own" || kind === null || !ITS_OWN.has(kind) || !pool.setAside(machine)) return null;
      return `the machine ${machine.name} gets no more tasks (${kind}: ${message ?? ""})`;
    },
    checkElsewhere(commit, { folder, log, signal }, use) {
      const runId = newId();
      return pool.on(async (machine) => {
        const own = join(folder, `check-${runId}`);
        await makePrivateFolder(own);
        const given = { ...shared, machine, runId, base: commit, variables: {}, worktree: folder, folder: own, signal };
        try {
          return await onMachine(
            { ...given, onlyChecks: true, ended: placed(machine, "--check", runId) },
            async (elsewhere, ends) => {
              await setUp(elsewhere, log, ends);
              return use((command, options) => elsewhere.check(command, { ...options, signal: ends }));
            },
          );
        } finally {
          await rm(own, { recursive: true, force: true });
        }
      });
    },
  };
}

/** What a machine with a login of its own fails with where another may not. */
const ITS_OWN: ReadonlySet<string> = new Set(["auth", "codex_missing", "codex_incompatible", "config"]);

function definedIn(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Ends what tries that went before have left on machines, as far as those can be reached. */
export async function sweepMachines({ log, say }: Pick<MachinesOptions, "log" | "say">): Promise<void> {
  const unchecked = [...log.schedule.placements.values()].filter(({ left }) => left !== null);
  for (const { runId, machine: name } of unchecked) {
    const left = await readMachines([name], userFile())
      .then(([machine]) => (machine === undefined ? null : sweepMachine(machine, runId)))
      .catch((error) => `what run ${runId} left on ${name} is unchecked (${error.message})`);
    log.record("machine_ended", { run_id: runId, left });
    if (left !== null) say(left);
  }
}
