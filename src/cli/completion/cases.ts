import { shellQuoted } from "../../text/quote.ts";
import type { Place } from "./places.ts";

/** What to do where one of the patterns is met. */
export interface Case {
  readonly patterns: readonly string[];
  readonly body: string;
}

/** The branches of a `case` of bash and zsh. */
export function cases(list: readonly Case[]): string {
  return list
    .filter(({ patterns }) => patterns.length > 0)
    .map(({ patterns, body }) => `      ${patterns.map(shellQuoted).join(" | ")}) ${body} ;;`)
    .join("\n");
}

/** How a word leads from one place to the next: `$at $word`, and the place; null: the place is just these words. */
export function steps(
  places: readonly Place[],
): readonly { readonly patterns: readonly string[]; readonly to: string | null }[] {
  const all = places.flatMap(({ at, commands }) => commands.map(({ name, to }) => ({ pattern: `${at} ${name}`, to })));
  const own = all.filter(({ pattern, to }) => pattern === to);
  const elsewhere = all.filter(({ pattern, to }) => pattern !== to);
  return [
    { patterns: own.map(({ pattern }) => pattern), to: null },
    ...elsewhere.map(({ pattern, to }) => ({ patterns: [pattern], to })),
  ];
}

/** The same as branches of a `case` on `$at $word` that put the next place into `at`. */
export function stepCases(places: readonly Place[]): readonly Case[] {
  return steps(places).map(({ patterns, to }) => ({
    patterns,
    body: to === null ? 'at="$at $word"' : `at=${shellQuoted(to)}`,
  }));
}

/** The flags that take a value, as `$at $flag`, by what the value can be. */
export function values(
  places: readonly Place[],
): readonly { readonly patterns: readonly string[]; readonly choices: readonly string[] }[] {
  const byChoices = new Map<string, { patterns: string[]; choices: readonly string[] }>();
  for (const { at, flags } of places)
    for (const { names, choices } of flags.filter(({ takesValue }) => takesValue)) {
      const key = choices.join(" ");
      const group = byChoices.get(key) ?? { patterns: [], choices };
      group.patterns.push(...names.map((name) => `${at} ${name}`));
      byChoices.set(key, group);
    }
  return [...byChoices.values()];
}
