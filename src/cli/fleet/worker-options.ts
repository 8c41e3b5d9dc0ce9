import type { Command } from "@commander-js/extra-typings";
import { listOption, numberOption, timeOption } from "../command/parse-command.ts";
import { addEnvironmentOptions } from "../command/turn-options.ts";
import { addQueueOptions } from "./queue-options.ts";

/** What a worker takes. */
export type WorkerFlags = ReturnType<ReturnType<typeof workerOptions>["opts"]>;

export function workerOptions(command: Command) {
  const withQueue = addQueueOptions(command)
    .addOption(numberOption("--slots <n>", "tasks at once", 1))
    .addOption(listOption("--label <name>", "take tasks that ask for this label, too (repeatable)"))
    .addOption(timeOption("--idle-exit <time>", "end when there was nothing to take for so long; 0: never", 0))
    .option("--policy <file>", "what a batch may do here: sandbox, network, commands, models (YAML)")
    .option("--new-key <file>", "write a new queue key to this file, and do nothing else");
  return addEnvironmentOptions(withQueue);
}
