import type { Command } from "@commander-js/extra-typings";
import { withDefaults } from "../command/apply-defaults.ts";
import { refuseMistyped } from "../command/refuse-mistyped.ts";
import { taskText } from "../command/task-text.ts";
import {
  addEnvironmentOptions,
  addFileOptions,
  addOutputOptions,
  addRunOptions,
  addSessionOptions,
  addSettingsOptions,
  addShowOptions,
  addTaskOptions,
  type PlanFlags,
  type ShowFlags,
  TASK,
  type TaskFlags,
} from "../command/turn-options.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";

/** `ask_codex`: one task, from the command line to the exit code. */
export const task = { options, run };

function options(command: Command) {
  const withTask = addTaskOptions(command.argument("[task]", TASK));
  const withSettings = addSettingsOptions(addSessionOptions(addFileOptions(withTask)));
  return addEnvironmentOptions(
    addShowOptions(addOutputOptions(addRunOptions(withSettings))).option(
      "--dry-run",
      "say what would be sent, to which Codex and in which sandbox, and start nothing",
      false,
    ),
  );
}

type Flags = PlanFlags & TaskFlags & ShowFlags & { readonly dryRun: boolean };

async function run([argument]: [string | undefined], said: Flags, given: ReadonlySet<string>): Promise<number> {
  refuseMistyped(argument);
  refuseInside("ask_codex");
  const state = stateFolder();
  const { preparePlan } = await import("../command/prepare-plan.ts");
  const flags = await withDefaults(said, given, currentFolder());
  const text = await taskText(argument, flags);
  const plan = await preparePlan(flags, text, currentFolder(), state);
  if (flags.dryRun) return (await import("./dry-run.ts")).dryRun(plan);
  const { runPlan } = await import("./run-plan.ts");
  return runPlan(plan, flags, state);
}
