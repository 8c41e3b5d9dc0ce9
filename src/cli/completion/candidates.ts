import type { ShellCompletion } from "@optique/core/completion";
import type { Flag, Place } from "./places.ts";

type Suggestion = Parameters<ShellCompletion["encodeSuggestions"]>[0][number];

/** What can come next. `line`: the program's name, the words after it, and the beginning of the one that is being typed. */
export function candidates(places: readonly Place[], line: readonly string[]): readonly Suggestion[] {
  const [program = "", ...words] = line;
  const typed = words.pop() ?? "";
  const { place, isNext } = reached(places, program, words);
  if (place === undefined) return [];
  const literally = words.includes("--");
  const [, name = "", begun = ""] = /^(--[^=]*)=(.*)$/s.exec(typed) ?? [];
  const given = flagOf(place, name);
  if (given?.value && !literally) return valuesOf(given.value, { prefix: `${name}=`, begun });
  const before = flagOf(place, words.at(-1) ?? "");
  if (before?.value && !literally) return valuesOf(before.value, { prefix: "", begun: typed });
  if (typed.startsWith("-") && !literally) return beginning(typed, place.flags.flatMap(namesOf));
  const commands = isNext ? beginning(typed, place.commands) : [];
  return commands.length > 0 ? commands : valuesOf(place.takes, { prefix: "", begun: typed });
}

/** The place that the commands typed so far lead to, and whether another command can follow: all words were commands. */
function reached(places: readonly Place[], program: string, words: readonly string[]) {
  const byName = new Map(places.map((place) => [place.at, place]));
  let place = byName.get(program);
  let taken = 0;
  for (const word of words) {
    const command = place?.commands.find(({ name }) => name === word);
    if (command === undefined) break;
    // A command that takes nothing has no place of its own.
    place = byName.get(command.to);
    taken++;
  }
  return { place, isNext: taken === words.length };
}

function flagOf({ flags }: Place, name: string): Flag | undefined {
  return flags.find(({ names }) => names.includes(name));
}

function namesOf({ names, what }: Flag) {
  return names.map((name) => ({ name, what }));
}

/** What a flag or an argument takes: one of some words, or a path. `begun`: as much as is typed of it, after `prefix`. */
function valuesOf(
  { choices, path }: Place["takes"],
  { prefix, begun }: { readonly prefix: string; readonly begun: string },
) {
  const found = beginning(
    prefix + begun,
    choices.map((name) => ({ name: prefix + name, what: "" })),
  );
  // zsh's own completion of files runs a substitution in the word, as it does for ls.
  if (path === null || /[$`]/.test(begun)) return found;
  const inserted = prefix === "" ? {} : { prefix, pattern: prefix + begun };
  return [...found, { kind: "file", type: path, includeHidden: false, ...inserted } as const];
}

function beginning(
  typed: string,
  list: readonly { readonly name: string; readonly what: string }[],
): readonly Suggestion[] {
  const found = list.filter(({ name }) => name.startsWith(typed));
  return found.map(({ name, what }) => ({ kind: "literal", text: name, description: [{ type: "text", text: what }] }));
}
