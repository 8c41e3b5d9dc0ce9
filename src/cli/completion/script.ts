import { shellQuoted } from "../../text/quote.ts";
import { LIBRARY, type ShellName } from "./library.ts";

/** The programs that are completed. */
const PROGRAMS = "ask-codex ask_codex codex_broker";

/** The function of ours that the library's script calls for what can come next; the script's own names are made from it. */
const ASK = "ask_codex_completion";

interface Shell {
  /** `ASK`: hands `ask-codex` the program that was typed, and its words as they are. */
  ask(program: string): string;
  /** What lets the library's script answer for all three programs. */
  readonly register: string;
  /** Has to be the first line. */
  readonly first?: string;
}

const SHELLS: Readonly<Record<ShellName, Shell>> = {
  bash: {
    ask: (program) => `${ASK}() { ${shellQuoted(program)} completion bash -- "\${COMP_WORDS[0]##*/}" "$@"; }`,
    // bash 3.2 has no compopt, with which the script says that it offers files.
    register: `if [[ $(type -t compopt) == builtin ]]; then complete -F _${ASK} -- ${PROGRAMS}
else complete -o filenames -F _${ASK} -- ${PROGRAMS}; fi`,
  },
  zsh: {
    first: `#compdef ${PROGRAMS}`,
    ask: (program) => `${ASK}() { ${shellQuoted(program)} completion zsh -- "\${\${(Q)words[1]}:t}" "$@" }`,
    register: `if (( $+functions[compdef] )); then compdef _${ASK} ${PROGRAMS}; fi`,
  },
  fish: {
    ask: (program) => `function ${ASK}
    ${fishQuoted(program)} completion fish -- (string replace -r '.*/' '' -- (commandline -poc)[1]) $argv
end`,
    register: `complete -c ${PROGRAMS.replaceAll(" ", " -c ")} -f -a '(__${ASK}_complete)'`,
  },
};

/** What a shell reads to complete the commands and flags of all three programs. `program`: where `ask-codex` is, whatever PATH says later. */
export function completionScript(shell: ShellName, program: string): string {
  const { ask, register, first } = SHELLS[shell];
  const parts = [first, ask(program), LIBRARY[shell].generateScript(ASK).trim(), register];
  return `${parts.filter((part) => part !== undefined).join("\n")}\n`;
}

/** One word for fish: in its single quotes a backslash counts before a quote and before itself. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
