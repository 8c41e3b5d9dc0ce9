import { defineProgram } from "../command/program.ts";
import { KEEPING } from "./keeping.ts";
import { LOOKING } from "./looking.ts";
import { TALKING } from "./talking.ts";

/** The commands of `codex_broker`, in the order of its help. */
export const COMMANDS = { ...TALKING, ...LOOKING, ...KEEPING };

/** `codex_broker`: one command a call. Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === "__worker") return (await import("./worker.ts")).work(argv[1] ?? "", argv.slice(2));
  const program = defineProgram({ about: ABOUT, commands: COMMANDS, groups: GROUPS, exits: EXITS, examples: EXAMPLES });
  return program.run({ title: "codex_broker", what: ABOUT, argv });
}

const GROUPS = {
  "Begin and talk": TALKING,
  "Look and wait": LOOKING,
  "Take the result, end, tidy up": KEEPING,
};

const ABOUT =
  "Sessions with Codex that outlive the command: watched, steered, answered and collected from any later one.";

const EXAMPLES = {
  "Begin, and collect the answer": "codex_broker start --name parser 'Report every error.'; codex_broker wait @parser",
  "Correct it while it works": "codex_broker send @parser --steer 'Leave the lexer alone.'",
  "All sessions, live": "codex_broker watch",
};

const EXITS = `0 done · 1 failed, or the command line is wrong
            wait and --wait exit like the session's last run: 0 completed · 1 failed, interrupted by a crash, or a check
            failed · 2 time ran out · 3 Codex cannot work now · 4 Codex asks, or wants an approval · 130/143/129 cancelled`;
