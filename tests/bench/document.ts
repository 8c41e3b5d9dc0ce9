import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../support/paths.ts";
import type { BenchContext } from "./benchmark.ts";
import { type Curve, chart } from "./growth/curve.ts";
import type { Machine } from "./machine.ts";
import { isMet, type Row } from "./rows.ts";
import { show } from "./table.ts";

const DOCUMENT = join(ROOT, "references", "measurements.md");

/** Puts what was measured between the marks of the document: goals beside figures, and the curves as charts. What was not run stays. */
export async function writeMeasurements(
  machine: Machine,
  { runs }: BenchContext,
  results: Readonly<Record<string, readonly Row[]>>,
  curves: readonly Curve[],
): Promise<void> {
  const on = `${new Date().toISOString().slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}; Node ${machine.node}, Codex ${machine.codex}, git ${machine.git}; medians of ${runs}.`;
  let text = await readFile(DOCUMENT, "utf8");
  const rows = Object.entries(results).flatMap(([name, all]) => (name === "growth" ? [] : all.flatMap(goalOf)));
  if (rows.length > 0) text = between(text, "goals", ["| | figure | goal |", "|---|---|---|", ...rows]);
  if (curves.length > 0)
    text = between(text, "growth", ["```text", ...curves.flatMap((curve) => [chart(curve), ""]).slice(0, -1), "```"]);
  await writeFile(DOCUMENT, between(text, "machine", [on]));
}

function goalOf(row: Row): readonly string[] {
  const { what, unit, value, goal } = row;
  if (goal === null) return [];
  return [`| ${what} | ${show(value, unit)} | ${show(goal, unit)}${isMet(row) ? "" : " (missed)"} |`];
}

/** A document without such a mark is left as it is: not everything that is measured has a place in it. */
function between(text: string, mark: string, lines: readonly string[]): string {
  const begin = `<!-- bench: ${mark} -->\n`;
  const end = "<!-- end -->\n";
  const from = text.indexOf(begin);
  if (from < 0) return text;
  const to = text.indexOf(end, from);
  return `${text.slice(0, from + begin.length)}${lines.map((line) => `${line}\n`).join("")}${text.slice(to)}`;
}
