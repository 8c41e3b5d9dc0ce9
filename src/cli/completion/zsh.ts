import { shellQuoted } from "../../text/quote.ts";
import { cases, stepCases, values } from "./cases.ts";
import { type Place, PROGRAMS } from "./places.ts";

/** Completion for zsh: to be read after `compinit`, or put into a folder of `fpath` as `_ask-codex`. */
export function zshScript(places: readonly Place[]): string {
  const value = values(places).map(({ patterns, choices }) => ({
    patterns,
    body: choices.length === 0 ? "_files; return" : `compadd -- ${choices.map(shellQuoted).join(" ")}; return`,
  }));
  const lists = places.map(({ at, commands, flags }) => ({
    patterns: [at],
    body: `commands=(${described(commands.map(({ name, what }) => ({ names: [name], what })))}) flags=(${described(flags)})`,
  }));
  return `#compdef ${PROGRAMS.join(" ")}
_ask_codex() {
  emulate -L zsh
  local at=\${words[1]:t} previous=\${words[CURRENT-1]} word
  local -a commands flags
  local -i index
  for ((index = 2; index < CURRENT; index++)); do
    word=\${words[index]}
    case "$at $word" in
${cases(stepCases(places))}
      *) break ;;
    esac
  done
  case "$at $previous" in
${cases(value)}
  esac
  case $at in
${cases(lists)}
  esac
  if [[ $PREFIX == -* ]]; then _describe flag flags
  elif ((index == CURRENT && \${#commands})); then _describe command commands
  else _files
  fi
}
if [[ $funcstack[1] == _ask[-_]codex ]]; then _ask_codex "$@"; else compdef _ask_codex ${PROGRAMS.join(" ")}; fi
`;
}

/** `name:what`, as `_describe` takes it. */
function described(list: readonly { readonly names: readonly string[]; readonly what: string }[]): string {
  return list.flatMap(({ names, what }) => names.map((name) => shellQuoted(`${name}:${what}`))).join(" ");
}
