import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { SEVERITIES } from "../../review/finding/finding.ts";
import { listOption, numberOption, timeOption } from "../command/parse-command.ts";
import { addEnvironmentOptions, addJsonOption } from "../command/turn-options.ts";

/** What a review takes. */
export function reviewOptions(command: Command) {
  return addEnvironmentOptions(addJsonOption(addOutput(addCodex(addWork(addTarget(command))))));
}

export type ReviewFlags = ReturnType<ReturnType<typeof reviewOptions>["opts"]>;

function addTarget(command: Command) {
  return command
    .option("--uncommitted", "what is not committed, untracked files included (the default)", false)
    .option("--base <ref>", "this branch since it left <ref>, what is not committed included")
    .option("--commit <sha>", "one commit against its first parent")
    .option("--range <a..b>", "what <b> has since it left <a>; it need not be checked out")
    .option("-w, --workspace <path>", "the work tree (default: here)");
}

function addWork<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("--focus <text>", "what to look for, word for word")
    .option("--plan <file>", "the plan that the change is held against")
    .option("--checklist <file>", "points that every change is held against")
    .option("--adversarial", "look for the input or the order of events that breaks it", false)
    .addOption(numberOption("--panel <n>", "reviewers with a focus each, 1 to 5", 1))
    .option("--no-refute", "do not let a fresh thread try to refute findings of severity major or worse")
    .option("--prove", "let Codex write tests for confirmed findings, and run them on the change and before it", false)
    .addOption(new Option("--fail-on <severity>", "exit 1 for an open finding that is this bad").choices(SEVERITIES))
    .addOption(new Option("--min-severity <severity>", "leave milder findings out").choices(SEVERITIES))
    .option("--since <id>", "compare with this review and later ones only; `last`: with the last one")
    .option("--merge-with <file>", "findings of another reviewer (JSON: ours, or Claude Code's) for the same list");
}

function addCodex<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("--model <name>", "model (default: the Codex configuration's)")
    .option("--reasoning <level>", "reasoning effort, as Codex names it (default: likewise)")
    .addOption(listOption("--config <key=value>", "override a setting of the Codex configuration (repeatable)"))
    .addOption(
      numberOption("--max-turns <n>", "turns for the whole review, not counting answers handed back for repair", 30),
    )
    .addOption(numberOption("--max-tokens <n>", "tokens for the whole review; 0: no limit", 0))
    .addOption(timeOption("--timeout <time>", "limit of the whole review; 0: none", 1800))
    .addOption(timeOption("--idle-timeout <time>", "limit without progress of a turn; 0: none", 180))
    .addOption(timeOption("--retry-window <time>", "how long to wait for a network that is away; 0: for ever", 15));
}

function addOutput<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("-o, --output <path>", "where the report goes (default: into the review's folder)")
    .option("--sarif <file>", "write the findings as SARIF 2.1.0 as well")
    .addOption(
      new Option("--format <form>", "text, or github: workflow annotations before the keys")
        .choices(["text", "github"] as const)
        .default("text" as const),
    )
    .option("--quiet", "no progress on stderr", false);
}
