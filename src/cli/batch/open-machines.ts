import type { LocalPlaceOptions } from "../../batch/place/local.ts";
import { runSetup, slotVariables } from "../../batch/place/prepare.ts";
import type { BatchLog } from "../../batch/schedule/journal.ts";
import { UsageError } from "../../errors.ts";
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

/**
 * The machines that a batch's tasks are done on, as a part of the place here.
 * @throws UsageError for one that is not in the user's configuration
 */
export async function openMachines(options: MachinesOptions): Promise<NonNullable<LocalPlaceOptions["elsewhere"]>> {
  const { log, tree, say } = options;
  const { begun } = log.schedule;
  if (begun.codex.sandboxChecks)
    throw new UsageError("The batch began with --sandbox-checks, which --on cannot keep.", "Leave --on out.");
  const pool = poolOf(await readMachines(options.names, userFile()));
  const env = Object.fromEntries(
    Object.entries(ownEnvironment()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return (job, place, act) =>
    pool.on((machine: Machine) => {
      const { runId, base, slot, task } = job;
      log.record("task_placed", { id: task.id, run_id: runId, machine: machine.name });
      const ended = (left: string | null) => {
        log.record("machine_ended", { run_id: runId, left });
        if (left !== null) say(left);
      };
      const { setup } = begun.options;
      const given = { machine, tree, runId, base, env, variables: slotVariables(slot), ended, ...place };
      return onMachine(given, async (elsewhere, signal) => {
        if (setup !== null) await runSetup({ log: place.setupLog, signal }, (check) => elsewhere.check(setup, check));
        return act(elsewhere, signal);
      });
    });
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
