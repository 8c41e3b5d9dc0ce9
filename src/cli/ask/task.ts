import type { Command } from "@commander-js/extra-typings";
import type { AskPlan } from "../../ask/model/plan.ts";
import { UsageError } from "../../errors.ts";
import { withDefaults } from "../command/apply-defaults.ts";
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
  reviewRoundsOption,
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
  const withRun = addRunOptions(withSettings).addOption(reviewRoundsOption());
  return addEnvironmentOptions(
    addShowOptions(addOutputOptions(withRun)).option(
      "--dry-run",
      "say what would be sent, to which Codex and in which sandbox, and start nothing",
      false,
    ),
  );
}

type Flags = PlanFlags & TaskFlags & ShowFlags & { readonly dryRun: boolean; readonly reviewRounds: number };

async function run([argument]: [string | undefined], said: Flags, given: ReadonlySet<string>): Promise<number> {
  if (/^\s*[\w-]+\s*$/.test(argument ?? ""))
    (await import("../command/refuse-mistyped.ts")).refuseMistyped(argument ?? "");
  refuseInside("ask_codex");
  const state = stateFolder();
  const { preparePlan } = await import("../command/prepare-plan.ts");
  const flags = await withDefaults(said, given, currentFolder());
  if (flags.reviewRounds > 0 && flags.readOnly)
    throw new UsageError(
      "--review-rounds reviews what was changed, and --read-only lets nothing be changed: drop one.",
    );
  const text = await taskText(argument, flags);
  const plan = await preparePlan(flags, text, currentFolder(), state);
  if (plan.name !== null) await warnOfNamesake(plan, plan.name, state);
  if (flags.dryRun) return (await import("./dry-run.ts")).dryRun(plan, flags);
  const { runPlan } = await import("./run-plan.ts");
  return runPlan(plan, flags, state);
}

async function warnOfNamesake({ target, workspace }: AskPlan, name: string, state: string): Promise<void> {
  const { warnOfNamedThread } = await import("../command/name-taken.ts");
  const record = target.type === "new" ? null : target.record;
  const own = target.type === "resume" ? target.threadId : null;
  await warnOfNamedThread({ name, workspace: workspace ?? record?.workspace ?? currentFolder(), state, own });
}
