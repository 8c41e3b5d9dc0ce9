import { type Group, meetsTarget, type Stats } from "../../ledger/stats.ts";
import type { Figures } from "../../ledger/tally.ts";
import {
  countOf,
  delegatedWords,
  duration,
  GROUPINGS,
  number,
  percent,
  RATE_NAMES,
  RATES,
  rangeOf,
  rounds,
  runsOf,
  short,
  targetWords,
} from "../../ledger/words.ts";
import { type Line, type Paint, piece, safe, type TextStyle, toText } from "../output/styled-text.ts";
import { widthOf } from "../output/width.ts";

// Wider bars show no more.
const MOST_BAR = 24;
const LEAST_BAR = 4;
// Longer names are cut: a project is a whole path.
const MOST_NAME = 40;
// Less has no room for the words of a count beside a bar.
const ROOMY = 110;

/** The figures on a terminal of this many columns. Pure. */
export function statsText(stats: Stats, columns: number, paint: Paint): string {
  const lines = [
    [piece(runsOf(stats.overall.runs), "bold"), piece(`  ${rangeOf(stats)}${batchesOf(stats)}`, "dim")],
    [],
    ...ratesOf(stats.overall, columns),
    [],
    ...wordsFor(stats, columns),
    ...GROUPINGS.filter(({ key }) => stats[key].length > 0).flatMap(({ title, key, none }) => [
      [],
      ...tableOf(title, stats[key], none, columns),
    ]),
  ];
  return lines.map((line) => `${toText(line, columns, paint).trimEnd()}\n`).join("");
}

function batchesOf({ batches }: Stats): string {
  return batches === 0 ? "" : `, ${batches} ${batches === 1 ? "batch" : "batches"}`;
}

/** A line for each rate: its name, a bar, what it was counted from; where that has no room, in lines below. */
function ratesOf(overall: Figures, columns: number): readonly Line[] {
  const rows = RATE_NAMES.map((name) => {
    const share = overall[name];
    const count =
      columns < ROOMY && share.of > 0 ? `${number(share.hits)} of ${number(share.of)}` : countOf(name, share);
    return { title: RATES[name].title, share, met: meetsTarget(name, share), count, target: targetWords(name, share) };
  });
  const titles = widest(rows.map(({ title }) => title));
  const counts = widest(rows.map(({ count }) => count));
  const targets = widest(rows.map(({ target }) => target));
  const room = columns - titles - PERCENT - counts - targets - 6;
  if (room < 0)
    return rows.flatMap(({ title, share, count, target }) => [
      [piece(`${title.padEnd(titles)}  `), piece(percent(share.rate).padStart(PERCENT), "bold")],
      ...wrapped(`${count}  ${target}`, columns - 2).map((line) => [piece(`  ${line}`, "dim")]),
    ]);
  const bar = barWidth(room - 2);
  return rows.map(({ title, share, met, count, target }) => [
    piece(`${title.padEnd(titles)}  `),
    ...barOf(share.rate, bar, met === null ? "dim" : met ? "green" : "yellow"),
    piece(`${percent(share.rate).padStart(PERCENT)}  `, "bold"),
    piece(`${count.padEnd(counts)}  `),
    piece(target, "dim"),
  ]);
}

function wordsFor({ overall, endings, delegated }: Stats, columns: number): readonly Line[] {
  const time = `${duration(overall.medianMs)} median, 90 % within ${duration(overall.p90Ms)}`;
  const tokens = `${short(overall.tokens)}, ${short(overall.tokensMean)} a run`;
  const ended = endings.map(({ status, runs }) => `${safe(status)} ${number(runs)}`).join(", ");
  const rows = [
    ["Time", time],
    ["Tokens", tokens],
    ["Repair rounds", `${rounds(overall)} a run with checks`],
    ["Ended as", ended],
    ...(delegated === null ? [] : [["Delegated", delegatedWords(delegated)] as const]),
  ] as const;
  return rows.flatMap(([title, text]) =>
    wrapped(text, columns - TITLE).map((line, at) => [piece((at === 0 ? title : "").padEnd(TITLE)), piece(line)]),
  );
}

const TITLE = 15;

/** A text in lines of this width; a word that is wider is a line of its own. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.pop();
    if (line === undefined) lines.push(word);
    else if (widthOf(`${line} ${word}`) > width) lines.push(line, word);
    else lines.push(`${line} ${word}`);
  }
  return lines.map((line) => line.trimEnd());
}

/** The columns of a table, in their order. What has the highest number is left out first where there is no room for all. */
const COLUMNS: readonly { readonly head: string; readonly last: number; readonly cell: (of: Figures) => string }[] = [
  { head: "runs", last: 0, cell: ({ runs }) => number(runs) },
  ...RATE_NAMES.map((name, index) => ({
    head: RATES[name].short,
    last: index + 1,
    cell: (of: Figures) => percent(of[name].rate),
  })),
  { head: "rounds", last: 6, cell: rounds },
  { head: "median", last: 4, cell: ({ medianMs }) => duration(medianMs) },
  { head: "9 of 10", last: 7, cell: ({ p90Ms }) => duration(p90Ms) },
  { head: "tokens", last: 5, cell: ({ tokens }) => short(tokens) },
];

function tableOf(title: string, groups: readonly Group[], none: string, columns: number): readonly Line[] {
  const names = groups.map(({ name }) => shortened(name === null ? none : safe(name), columns / 3));
  const name = widest([title, ...names]);
  const all = COLUMNS.map(({ head, last, cell }) => {
    const texts = [head, ...groups.map(({ figures }) => cell(figures))];
    const width = widest(texts);
    return { last, width: width + 2, texts: texts.map((text) => `  ${text.padStart(width)}`) };
  });
  const takes = (shown: typeof all) => shown.reduce((total, { width }) => total + width, name);
  let shown = all;
  for (let last = COLUMNS.length; last > 0 && takes(shown) + LEAST_BAR + 2 > columns; last -= 1)
    shown = shown.filter((column) => column.last !== last);
  const bar = barWidth(columns - takes(shown) - 2);
  const space = bar === 0 ? 0 : bar + 2;
  const row = (index: number) => shown.map(({ texts }) => texts[index]).join("");
  return [
    [piece(padded(title, name + space), "bold"), piece(row(0), "dim")],
    ...groups.map(({ figures }, index) => [
      piece(padded(names[index] ?? "", name + Math.min(space, 2))),
      ...barOf(figures.completed.rate, bar, "plain", ""),
      piece(row(index + 1)),
    ]),
  ];
}

/** Eighths of a cell, so that small differences are seen. */
function barOf(rate: number | null, width: number, look: TextStyle, after = "  "): Line {
  if (width === 0) return [];
  const eighths = Math.round((rate ?? 0) * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8)) + (PARTS[eighths % 8] ?? "");
  return [piece(full, look), piece("░".repeat(width - full.length) + after, "dim")];
}

const PARTS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const PERCENT = "100.0 %".length;

function barWidth(room: number): number {
  return room < LEAST_BAR ? 0 : Math.min(room, MOST_BAR);
}

/** The end of a path says more than its beginning. */
function shortened(name: string, room: number): string {
  const most = Math.min(Math.max(Math.floor(room), 8), MOST_NAME);
  const letters = [...name];
  return letters.length <= most ? name : `…${letters.slice(1 - most).join("")}`;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => widthOf(text)));
}
