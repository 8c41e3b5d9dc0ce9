import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ownPackage } from "./own-package.ts";

/** What one program is asked for and another one does. */
export interface Sibling {
  readonly program: "ask_codex" | "codex_broker" | "ask-codex";
  readonly argv: readonly string[];
}

/** The commands of `ask-codex` that another program does: the program, and the words to say there. */
export const FORWARDED = {
  run: { program: "ask_codex", words: [], what: "hand one task to Codex (ask_codex)" },
  session: { program: "codex_broker", words: [], what: "sessions that outlive the command (codex_broker)" },
  sessions: { program: "ask_codex", words: ["sessions"], what: "list the sessions that can be continued" },
  report: { program: "ask_codex", words: ["report"], what: "show the report of an earlier run again" },
  models: { program: "ask_codex", words: ["models"], what: "what --model and --reasoning may be" },
  config: { program: "ask_codex", words: ["config"], what: "the defaults of flags, and where each comes from" },
  review: { program: "ask_codex", words: ["review"], what: "review a change" },
  handoff: { program: "ask_codex", words: ["handoff"], what: "work as a contract: written, checked, run and judged" },
  batch: { program: "ask_codex", words: ["batch"], what: "many tasks at once, by a plan" },
  route: { program: "ask_codex", words: ["route"], what: "who should do a task: codex, claude, or ask" },
  stats: { program: "ask_codex", words: ["stats"], what: "what your runs came to" },
} as const satisfies Forwards;

/** The commands of `ask-codex` that `ask_codex` takes as well: as tasks they would be paid runs with write access. */
export const TAKEN_BACK = {
  install: { program: "ask-codex", words: ["install"], what: "put the skill where Claude Code finds it" },
  uninstall: { program: "ask-codex", words: ["uninstall"], what: "remove it again" },
  doctor: { program: "ask-codex", words: ["doctor"], what: "check everything that a run needs" },
  completion: { program: "ask-codex", words: ["completion"], what: "print what a shell needs to complete commands" },
  worker: { program: "ask-codex", words: ["worker"], what: "carry out tasks of batches that come over a queue" },
} as const satisfies Forwards;

export type Forwards = Readonly<
  Record<string, Omit<Sibling, "argv"> & { readonly words: readonly string[]; readonly what: string }>
>;

/** Which other program a command line is for; null: the one that was called. `help X` is for the program that does X. */
export function siblingFor(forwards: Forwards, argv: readonly string[]): Sibling | null {
  const help = argv[0] === "help";
  const [name = "", ...rest] = help ? argv.slice(1) : argv;
  if (!Object.hasOwn(forwards, name)) return null;
  const { program, words } = forwards[name] as Forwards[string];
  return { program, argv: [...words, ...rest, ...(help ? ["--help"] : [])] };
}

/** Becomes that program, in this process: a second one would cost the start of Node once more. */
export function become({ program, argv }: Sibling): void {
  const path = join(ownPackage(), "scripts", program);
  if (!existsSync(path)) {
    process.stderr.write(`[ERROR] ${path} is missing. Install ask-codex again.\n`);
    process.exitCode = 3;
    return;
  }
  process.argv = [process.argv[0] ?? process.execPath, path, ...argv];
  createRequire(path)(path);
}
