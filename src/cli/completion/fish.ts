import { steps } from "./cases.ts";
import { type Flag, type Place, PROGRAMS } from "./places.ts";

/** Completion for fish. */
export function fishScript(places: readonly Place[]): string {
  const lead = steps(places).map(
    ({ patterns, to }) =>
      `      case ${patterns.map(fishQuoted).join(" ")}\n        set at ${to === null ? '"$at $word"' : fishQuoted(to)}`,
  );
  const lines = places.flatMap(({ at, commands, flags }) => [
    ...commands.map(
      ({ name, what }) => `${complete(`__ask_codex_next ${fishQuoted(at)}`)} -f -a ${name} -d ${fishQuoted(what)}`,
    ),
    ...flags.map((flag) => `${complete(`__ask_codex_in ${fishQuoted(at)}`)} ${flagWords(flag)}`),
  ]);
  return `# Prints the commands typed so far, and, where all words are commands, \`next\`.
function __ask_codex_at
  set -l words (commandline -opc)
  set -l at (string replace -r '.*/' '' -- $words[1])
  for word in $words[2..-1]
    switch "$at $word"
${lead.join("\n")}
      case '*'
        echo $at
        return
    end
  end
  echo $at
  echo next
end
function __ask_codex_in
  set -l found (__ask_codex_at)
  test "$found[1]" = "$argv[1]"
end
function __ask_codex_next
  set -l found (__ask_codex_at)
  test "$found" = "$argv[1] next"
end
${lines.join("\n")}
`;
}

const FOR_ALL = PROGRAMS.map((program) => `-c ${program}`).join(" ");

function complete(condition: string): string {
  return `complete ${FOR_ALL} -n ${fishQuoted(condition)}`;
}

function flagWords({ names, what, takesValue, choices }: Flag): string {
  const words = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = !takesValue ? [] : choices.length === 0 ? ["-r"] : ["-x", "-a", fishQuoted(choices.join(" "))];
  return [...words, ...value, "-d", fishQuoted(what)].join(" ");
}

/** One word for fish: in its single quotes a backslash counts before a quote and before itself. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
