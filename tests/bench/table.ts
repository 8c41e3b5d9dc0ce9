import { paint } from "../support/paint.ts";
import type { Benchmark } from "./benchmark.ts";
import { isMet, type Row, type Unit } from "./rows.ts";

/** The rows of one benchmark as a table. */
export function table({ name, title }: Benchmark, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const met = isMet(row);
    const mark = met === null ? "" : met ? paint("green", "met") : paint("red", "MISSED");
    const goal = row.goal === null ? "" : `<= ${row.goal}${suffix(row.unit)}`;
    const cells = [
      row.what.padEnd(52),
      show(row.value, row.unit).padStart(10),
      (row.cpuMs == null ? "" : `cpu ${row.cpuMs.toFixed(0)} ms`).padStart(13),
      spread(row).padStart(19),
      goal.padStart(10),
    ];
    return `  ${[...cells, mark].join("  ").trimEnd()}`;
  });
  return `${paint("bold", title)}  (${name})\n${lines.join("\n")}\n`;
}

function spread({ samples, unit }: Row): string {
  if (samples.length < 2) return "";
  return `${show(Math.min(...samples), unit, false)} … ${show(Math.max(...samples), unit, false)}`;
}

/** A value in its unit. */
export function show(value: number, unit: Unit, withUnit = true): string {
  return `${value.toFixed(DIGITS[unit])}${withUnit ? suffix(unit) : ""}`;
}

function suffix(unit: Unit): string {
  return unit === "x" ? "" : ` ${unit}`;
}

const DIGITS: Readonly<Record<Unit, number>> = { ms: 0, s: 2, KB: 0, MB: 0, x: 2 };
