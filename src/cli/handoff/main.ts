import { runCommands } from "../command/run-commands.ts";
import type { CheckFlags, ConvertFlags, LearnFlags, PlaceFlags, VerifyWords } from "./commands.ts";
import { HANDOFF_COMMANDS, type HandoffCommand, type HandoffWords, parseHandoff, type RunWords } from "./commands.ts";

/** `ask_codex handoff`: work as a contract that is checked; the exit code is left to the command. */
export async function handoff(argv: readonly string[]): Promise<void> {
  await runCommands(
    {
      program: "ask_codex handoff",
      commands: HANDOFF_COMMANDS,
      about: ABOUT,
      exits: EXITS,
      otherwise: "",
      parse: parseHandoff,
      perform: (name: HandoffCommand, { words }: { readonly words: HandoffWords }) => perform(name, words),
    },
    argv,
  );
}

const ABOUT =
  "Work as a contract: a document with tasks, bounds and criteria, checked before, and judged by what is in the work tree.";

const EXITS = `0 done, and the contract is kept · 1 a gap, a failure, a part of it, or the command line is wrong · 2 time ran out ·
            3 Codex cannot work now · 4 blocked, or Codex asks · 5 the contract was broken · 130/143/129 interrupted`;

async function perform(name: HandoffCommand, { file, text, flags }: HandoffWords): Promise<number> {
  switch (name) {
    case "new":
      return (await import("./new.ts")).newHandoff(file, flags as PlaceFlags);
    case "check":
      return (await import("./check.ts")).checkHandoff(file, flags as unknown as CheckFlags);
    case "run":
      return (await import("./run.ts")).runHandoff({ file, flags } as unknown as RunWords);
    case "verify":
      return (await import("./verify.ts")).verifyHandoff({ file, flags } as unknown as VerifyWords);
    case "learn":
      return (await import("./learn.ts")).learn(file, text, flags as unknown as LearnFlags);
    case "convert":
      return (await import("./convert.ts")).convert(file, flags as ConvertFlags);
  }
}
