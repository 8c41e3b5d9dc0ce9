import { spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { shellQuoted } from "../../../src/text/quote.ts";

/** A shell with our completion in it. */
export interface Shell extends AsyncDisposable {
  /** What it makes at a TAB of a line to which one word fits. */
  offered(line: string): Promise<string>;
}

/** A shell in this folder, which is its home too, in which `program` has been asked for the completion. */
export async function shellIn(name: "bash" | "zsh" | "fish", home: string, program: string): Promise<Shell> {
  const env = { ...process.env, HOME: home, TERM: "dumb", PS1: "\nready> ", HISTFILE: "" };
  if (name === "fish") {
    const ask = `${shellQuoted(program)} completion fish | source; complete -C $argv[1]`;
    const offered = async (line: string) =>
      (await execa("fish", ["--no-config", "-c", ask, line], { cwd: home, env })).stdout;
    return { offered, [Symbol.asyncDispose]: async () => {} };
  }
  const terminal = inTerminal(INTERACTIVE[name], home, env);
  await terminal.said("", PROMPT);
  await terminal.said(`${BEGIN[name]}; eval "$(${shellQuoted(program)} completion ${name})"\n`, PROMPT);
  return {
    async offered(line) {
      // What is typed behind the TAB is shown once that has been dealt with. Then the line is given up.
      const shown = await terminal.said(`${line}\tEND`, /END/);
      await terminal.said("\x15\n", PROMPT);
      return shown;
    },
    [Symbol.asyncDispose]: () => terminal.close(),
  };
}

// On a line of its own: what is typed before it would not be read as keys. A line that is shown anew begins with its end only.
const PROMPT = /\n\r*ready> /;

const INTERACTIVE = { bash: "bash --norc -i", zsh: "zsh -f -i" } as const;

// zsh's other key for TAB, expand-or-complete, runs by itself what is typed, whatever the command.
const BEGIN = {
  bash: "true",
  zsh: "autoload -U compinit; compinit -D -u; bindkey '^I' complete-word; unsetopt prompt_sp",
} as const;

/** A pseudo-terminal of util-linux's `script`. */
function inTerminal(command: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn("script", ["-qfec", `stty rows 50 cols 200; exec ${command}`, "/dev/null"], {
    cwd,
    env: { ...env, SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let unread = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    unread += chunk;
  });
  return {
    /** Types a text, and resolves with what is shown from then on until the mark is. */
    async said(text: string, mark: RegExp): Promise<string> {
      child.stdin.write(text);
      while (!mark.test(stripVTControlCharacters(unread))) await once(child.stdout, "data");
      const shown = stripVTControlCharacters(unread);
      unread = "";
      return shown;
    },
    async close(): Promise<void> {
      child.stdin.end("\x15exit\n");
      if (child.exitCode === null) await once(child, "close");
    },
  };
}
