import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { MERGES } from "../../batch/plan/options.ts";
import { UsageError } from "../../errors.ts";
import { integer, listOption } from "../command/parse-command.ts";
import { addJsonOption } from "../command/turn-options.ts";

/** What a plan is looked at with, before anything starts. */
export type CheckFlags = ReturnType<ReturnType<typeof checkOptions>["opts"]>;

export const PLAN = "the plan: a file (YAML, JSON, NDJSON), a folder of handoff documents, or - for stdin";

export function checkOptions(command: Command) {
  return addJsonOption(addPlanOptions(command.argument("<plan>", PLAN)));
}

/** What says which plan is meant, and what should become of its results. */
export function addPlanOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("-w, --workspace <path>", "a folder of the repository (default: here)")
    .addOption(count("--parallel <n>", "tasks at once (default: 3, with --queue 100)"))
    .addOption(
      new Option(
        "--worktree <when>",
        "each task in a git worktree: auto (the default: where one writes), always, never",
      ).choices(["auto", "always", "never"] as const),
    )
    .addOption(
      new Option("--merge <what>", "what becomes of the results: apply (the default), branch, none").choices(MERGES),
    )
    .addOption(listOption("--copy <path>", "an ignored file or folder to copy into each worktree (repeatable)"))
    .option("--on <names>", "do the tasks on these machines of yours, by ssh: NAME[,NAME...]")
    .addOption(whole("--verify-rounds <n>", "hand a failed check of a task back up to n times (default: 1)"));
}

/** The names of `--on`. */
export function machineNames(given: string | undefined): readonly string[] {
  if (given === undefined) return [];
  const names = given.split(",").map((name) => name.trim());
  if (names.includes("")) throw new UsageError("--on takes names of machines with commas between them.");
  return names;
}

/** An option that takes a whole number, and has no default. */
export function whole<Flags extends string>(flags: Flags, text: string) {
  return new Option(flags, text).argParser((given) => integer(given, flags));
}

function count<Flags extends string>(flags: Flags, text: string) {
  return new Option(flags, text).argParser((given) => {
    const found = integer(given, flags);
    if (found >= 1) return found;
    throw new UsageError(`${flags.split(" ")[0]} takes 1 or more.`);
  });
}
