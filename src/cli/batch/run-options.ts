import type { Command, OptionValues } from "@commander-js/extra-typings";
import { listOption, timeOption } from "../command/parse-command.ts";
import { addEnvironmentOptions, addJsonOption, SANDBOX_CHECKS } from "../command/turn-options.ts";
import { addQueueOptions } from "../fleet/queue-options.ts";
import { addPlanOptions, PLAN, whole } from "./options.ts";

/** What a batch takes. */
export type BatchFlags = ReturnType<ReturnType<typeof batchOptions>["opts"]>;

export function batchOptions(command: Command) {
  const withPlan = addQueueOptions(addPlanOptions(command.argument("[plan]", PLAN)))
    .option("--label <name>", "with --queue: only workers with this label take the tasks")
    .addOption(whole("--per-minute <n>", "with --queue: as many tasks begin in a minute, at most, at all workers"))
    .option("--metrics <file>", "with --queue: adds a line of figures a minute, as JSON");
  return addEnvironmentOptions(
    addJsonOption(addCodex(addRun(withPlan)).option("--quiet", "no progress on stderr", false)),
  );
}

function addRun<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("--check <command>", "a command that must succeed on all results together")
    .option(...SANDBOX_CHECKS)
    .option("--setup <command>", "a command to run in each new worktree first")
    .option("--fail-fast", "start no more tasks once one has failed", false)
    .addOption(whole("--max-tokens <n>", "start no more tasks once this many tokens have been used; 0: no limit"))
    .option("--resume <id>", "go on with a batch that was interrupted")
    .addOption(listOption("--retry <task>", "with --resume: run this task again, from its beginning (repeatable)"));
}

function addCodex<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("--model <name>", "model of tasks that name none (default: the Codex configuration's)")
    .option("--reasoning <level>", "reasoning effort, likewise")
    .addOption(listOption("--config <key=value>", "override a setting of the Codex configuration (repeatable)"))
    .addOption(timeOption("--timeout <time>", "total limit of a turn, granted twice; 0: none", 1800))
    .addOption(timeOption("--idle-timeout <time>", "limit without progress, granted twice; 0: none", 300))
    .addOption(timeOption("--retry-window <time>", "how long to wait for a network that is away; 0: for ever", 60))
    .option("-o, --output <path>", "where the report goes (default: into the batch's folder)");
}
