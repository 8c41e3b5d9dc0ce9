import { type Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { integer } from "../command/parse-command.ts";
import {
  addEnvironmentOptions,
  addLimitOptions,
  addOutputOptions,
  addSessionOptions,
  addSettingsOptions,
  addShowOptions,
  reviewRoundsOption,
  SANDBOX_CHECKS,
} from "../command/turn-options.ts";
import { addDocument } from "./options.ts";

export type RunFlags = ReturnType<ReturnType<typeof runOptions>["opts"]>;

/** What `handoff run` takes. */
export function runOptions(command: Command) {
  const withWork = addSessionOptions(addDocument(command))
    .optionsGroup("The contract:")
    .option("--worktree", "work in a git worktree of its own, and leave the result there", false)
    .addOption(
      new Option("--on-violation <what>", "with edits out of bounds: keep (the default), revert or stash them")
        .choices(["keep", "revert", "stash"] as const)
        .default("keep" as const),
    )
    .addOption(
      new Option("--verify-rounds <n>", `hand failures back to Codex up to n times, ${MOST_ROUNDS} at most`)
        .default(ROUNDS)
        .argParser(rounds),
    )
    .option(...SANDBOX_CHECKS)
    .addOption(reviewRoundsOption());
  const withLimits = addOutputOptions(addLimitOptions(addSettingsOptions(withWork)));
  return addEnvironmentOptions(addShowOptions(withLimits));
}

/** What two rounds do not fix, another one seldom does. */
const ROUNDS = 2;
const MOST_ROUNDS = 3;

function rounds(given: string): number {
  const count = integer(given, "--verify-rounds");
  if (count <= MOST_ROUNDS) return count;
  throw new UsageError(`--verify-rounds ${count} is too many: ${MOST_ROUNDS} at most.`);
}
