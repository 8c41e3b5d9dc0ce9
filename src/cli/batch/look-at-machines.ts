import type { Fault } from "../../batch/plan/fault.ts";
import type { BatchOptions } from "../../batch/plan/options.ts";
import type { BatchTask } from "../../batch/plan/task.ts";
import { inBatches } from "../../bounds/in-batches.ts";
import { inspectMachine, type MachineLook } from "../../machines/inspect.ts";
import { readMachines } from "../../machines/machine.ts";
import { byHand } from "../../machines/ssh.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { whatStays } from "../../workspace/travel/stays.ts";
import { userFile } from "../command/defaults.ts";

export interface LookOptions {
  readonly options: Pick<BatchOptions, "machines" | "worktrees" | "copies">;
  readonly tasks: readonly BatchTask[];
  readonly tree: WorkTree;
  readonly base: string;
}

/**
 * What stands against running a plan on other machines.
 * @throws UsageError for a machine that is not in the user's configuration
 */
export async function lookAtMachines({ options, tasks, tree, base }: LookOptions) {
  const machines = await readMachines(options.machines, userFile());
  const looks = await inBatches(machines, (machine) => inspectMachine(machine));
  const staying = await whatStays(tree, base);
  const away = looks.filter(({ state }) => state === "unreachable");
  const others = away.length < looks.length;
  return {
    faults: [
      ...refusals({ options, tasks }),
      ...looks.filter(({ state }) => state === "unfit").map(unfit),
      ...(others ? [] : away.map(unreachable)),
    ],
    warnings: [
      ...(others ? away.map(unreachable) : []),
      ...(staying.length + options.copies.length === 0 ? [] : [stays([...staying, ...options.copies])]),
    ],
  };
}

function refusals({ options, tasks }: Pick<LookOptions, "options" | "tasks">): readonly Fault[] {
  const documents = tasks.filter(({ handoff }) => handoff !== null).map(({ id }) => id);
  return [
    ...(options.worktrees ? [] : [fault("--on needs worktrees, and no task has one", "Use --worktree always.")]),
    ...documents.map((task) => ({
      task,
      what: "a contract is judged with commands on this machine, so --on takes no handoff documents",
      fix: "Write the task as a prompt with verify_cmd, or leave --on out.",
    })),
  ];
}

function unfit({ machine, words }: MachineLook): Fault {
  const fix = `Put it right there (${byHand(machine)}), or leave it out.`;
  return fault(`the machine ${machine.name} cannot take tasks: ${words}`, fix);
}

function unreachable({ machine, words }: MachineLook): Fault {
  return fault(words, `Try it by hand: ${byHand(machine)}`);
}

function stays(what: readonly string[]): Fault {
  return fault(`not on the machines: ${what.join(", ")}`, "Commit what the tasks need, or fetch it with --setup.");
}

function fault(what: string, fix: string): Fault {
  return { task: null, what, fix };
}
