import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { listOption, minutesOption, numberOption, timeOption } from "../command/parse-command.ts";
import {
  addEnvironmentOptions,
  addFileOptions,
  addRunOptions,
  addSessionOptions,
  addSettingsOptions,
  addTaskOptions,
} from "../command/turn-options.ts";
import { waitOption } from "./options.ts";

/** What `start` takes, and every command that begins a session as it does. */
export function addStartOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  const withTask = addFileOptions(addTaskOptions(command));
  return addEnvironmentOptions(addRunOptions(addSettingsOptions(addSessionOptions(withTask))))
    .optionsGroup("The session:")
    .addOption(
      new Option("--approvals <mode>", "ask: wait for approve or deny; never (the default): declined and listed")
        .choices(["never", "ask"] as const)
        .default("never" as const),
    )
    .addOption(timeOption("--answer-timeout <time>", "how long a question or an approval waits; 0: for ever", 86_400))
    .addOption(timeOption("--linger <time>", "how long Codex is kept warm without work; 0: not at all", 300))
    .addOption(timeOption("--life-limit <time>", "after how long the worker ends, whatever it does; 0: never", 172_800))
    .option("--worktree", "work in a git worktree of its own; see patch and apply", false)
    .option("--allow-shared-worktree", "write where another session writes", false)
    .addOption(waitOption());
}

/** The help for an argument that is a goal. */
export const GOAL = "the goal; else --task, --prompt-file or stdin (a quoted heredoc keeps it exact)";

/** What a person allows an orchestration: what its model requests may only be less. */
export function addOrchestrationOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .optionsGroup("The orchestration:")
    .addOption(numberOption("--max-tasks <n>", "tasks in all, parts of split ones included", 20))
    .addOption(numberOption("--parallel <n>", "delegations at once; more than one is not supported yet", 1))
    .addOption(minutesOption("--budget-minutes <time>", "time for all of it, less what waits for you; 0: no limit", 60))
    .option("--budget-usd <amount>", "money for the executors, at list prices (default: no limit)")
    .option("--claude-model <name>", "Claude Code's model (default: the user's own)")
    .addOption(
      new Option("--executor <name>", "who does tasks that name no one: claude (the default) or codex")
        .choices(["claude", "codex"] as const)
        .default("claude" as const),
    )
    .addOption(
      new Option("--executor-settings <which>", "none (the default), or user: your Claude Code settings and rules hold")
        .choices(["none", "user"] as const)
        .default("none" as const),
    )
    .addOption(
      listOption("--scope <glob>", "what may be changed (repeatable; default: the work tree but what is protected)"),
    )
    .addOption(listOption("--forbid <glob>", "what must not be changed (repeatable)"))
    .addOption(listOption("--validation <command>", "a command that may run without a sandbox (repeatable)"))
    .addOption(numberOption("--bulk-files <n>", "files that a task of the type bulk may name", 30))
    .option("--dry-run", "Codex plans; requests are checked, and nothing is started", false);
}
