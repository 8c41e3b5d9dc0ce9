import { shellQuoted } from "../../text/quote.ts";
import { cases, stepCases, values } from "./cases.ts";
import { type Place, PROGRAMS } from "./places.ts";

/** Completion for bash, that of macOS (3.2) too. It starts no program and evaluates nothing that was typed. */
export function bashScript(places: readonly Place[]): string {
  const inOne = (list: readonly string[]) => shellQuoted(list.join(" "));
  // Where anything can be the value, bash's own default stands: files.
  const value = values(places).map(({ patterns, choices }) => ({
    patterns,
    body: choices.length === 0 ? "return" : `COMPREPLY=($(compgen -W ${inOne(choices)} -- "$current")); return`,
  }));
  const lists = places.map(({ at, commands, flags }) => ({
    patterns: [at],
    body: `commands=${inOne(commands.map(({ name }) => name))} flags=${inOne(flags.flatMap(({ names }) => names))}`,
  }));
  return `_ask_codex() {
  local at=\${1##*/} current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} word commands= flags= index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
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
  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif ((index == COMP_CWORD)); then COMPREPLY=($(compgen -W "$commands" -- "$current"))
  fi
}
complete -o default -F _ask_codex ${PROGRAMS.join(" ")}
`;
}
