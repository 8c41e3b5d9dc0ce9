import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FileVersions } from "../../../src/review/finding/anchor.ts";
import { ROOT } from "../paths.ts";
import { type Edit, edited } from "./edited-text.ts";

export interface SourceText {
  readonly path: string;
  readonly lines: readonly string[];
}

/** A fault that one change brings into real code, with the truth about it. */
export interface SeededFault {
  readonly source: SourceText;
  /** The line at fault, from 0, in the code before the change. */
  readonly at: number;
  /** What stands there afterwards; null: the line is gone. */
  readonly now: string | null;
}

/** Sources of installed packages, in TypeScript and JavaScript. */
export function typeScriptSources(): readonly SourceText[] {
  return ["zod/src", "execa/lib"].flatMap((name) =>
    sourcesIn(join(ROOT, "node_modules", name), /(?<!\.d)\.[cm]?[jt]s$/),
  );
}

/** The modules of the machine's own Python; none where there is no Python. */
export function pythonSources(): readonly SourceText[] {
  const libraries = ["/usr/lib", "/usr/local/lib"].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => /^python3\.\d+$/.test(name))
      .map((name) => join(folder, name)),
  );
  return libraries.flatMap((library) => sourcesIn(library, /\.py$/, { deep: false }));
}

/** The same faults for the same seed: in a file that is drawn, in a line of it that one of the mutations fits. */
export function seededFaults(sources: readonly SourceText[], count: number, seed: number): readonly SeededFault[] {
  const draw = drawer(seed);
  const faults: SeededFault[] = [];
  const drawn = new Set<string>();
  for (let tries = 0; faults.length < count && tries < count * 50; tries += 1) {
    const source = sources[draw(sources.length)];
    if (source === undefined) break;
    const at = draw(source.lines.length);
    const line = source.lines[at] ?? "";
    const [mutation] = rotated(MUTATIONS, draw(MUTATIONS.length)).filter(([from]) => from.test(line));
    if (isComment(line) || mutation === undefined || drawn.has(`${source.path}:${at}`)) continue;
    drawn.add(`${source.path}:${at}`);
    const now = mutation[1] === null ? null : line.replace(mutation[0], mutation[1]);
    faults.push({ source, at, now });
  }
  return faults;
}

/** The file before and after the change, other changes of it included. */
export function versionsOf({ source, at, now }: SeededFault, others: readonly Edit[] = []): FileVersions {
  const own: Edit = { at, removed: 1, added: now === null ? [] : [now] };
  return { path: source.path, ...edited(source.lines, [own, ...others]) };
}

/** A number below `below` for each call, the same ones for the same seed. */
export function drawer(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Faults as people make them, in words of both languages; the last ones take a line out. */
const MUTATIONS: readonly (readonly [RegExp, string | null])[] = [
  [/ < /, " <= "],
  [/ >= /, " > "],
  [/ === /, " !== "],
  [/ == /, " != "],
  [/ && /, " || "],
  [/ and /, " or "],
  [/ is not None/, " is None"],
  [/ \+ 1\b/, ""],
  [/\btrue\b/, "false"],
  [/\bTrue\b/, "False"],
  [/\bawait /, ""],
  [/\bnot /, ""],
  [/ \?\? /, " || "],
  [/\breturn (?=\w)/, "return !"],
  [/^\s*(?:if \(.*\) (?:return|throw)\b.*;|raise .*|.*\.close\(\);?)$/, null],
];

function isComment(line: string): boolean {
  return /^\s*(?:#|\/\/|\*|\/\*|"""|'''|import\b|from\b)/.test(line) || line.trim().length < 8;
}

function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  return [...items.slice(by), ...items.slice(0, by)];
}

// In a shorter file hardly a line stands alone.
const LEAST_LINES = 20;

function sourcesIn(folder: string, name: RegExp, { deep = true } = {}): readonly SourceText[] {
  const names = readdirSync(folder, { recursive: deep, encoding: "utf8" })
    .filter((one) => name.test(one))
    .sort();
  return names
    .map((path) => ({ path, lines: readFileSync(join(folder, path), "utf8").replace(/\n$/, "").split("\n") }))
    .filter(({ lines }) => lines.length >= LEAST_LINES);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
