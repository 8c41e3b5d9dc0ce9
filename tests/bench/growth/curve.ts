import { type Measured, measureExit, median, type Program } from "../measure.ts";
import { type Row, timed } from "../rows.ts";

/** What grows, and what it costs at each of its sizes. */
export interface Curve {
  /** The size, in words: "files in the repository". */
  readonly of: string;
  /** What is measured: "one task". */
  readonly what: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly size: number;
  readonly ms: readonly number[];
  /** Empty: the work is done in processes that nobody waits for. */
  readonly cpuMs: readonly number[];
}

/** Each of the last rounds of a program, and once before them. */
export async function point(size: number, program: Program, rounds: number, signal: AbortSignal): Promise<Point> {
  const measured: Measured[] = [];
  for (let round = 0; round <= rounds; round++) measured.push(await measureExit(0, program, signal));
  const counted = measured.slice(1);
  return { size, ms: counted.map(({ ms }) => ms), cpuMs: counted.flatMap(({ cpuMs }) => cpuMs ?? []) };
}

/** A row for each size, and one for the steepest step: at most as many times the cost as the size. */
export function rowsOf(curve: Curve): readonly Row[] {
  const { of, what, points } = curve;
  const rows = points.map(({ size, ms, cpuMs }) => timed(`${what}, ${size.toLocaleString("en")} ${of}`, ms, cpuMs));
  const steps = points.slice(1).map((to, at) => {
    const from = points[at] as Point;
    const [cost, before] = [to, from].map(({ ms, cpuMs }) => median(cpuMs.length > 0 ? cpuMs : ms)) as [number, number];
    return { grown: cost / before, goal: to.size / from.size };
  });
  const steepest = steps.reduce((one, other) => (other.grown / other.goal > one.grown / one.goal ? other : one));
  return [
    ...rows,
    {
      what: "the steepest step of it: at most linear",
      unit: "x",
      value: steepest.grown,
      samples: [],
      goal: steepest.goal,
    },
  ];
}

const WIDTH = 24;

/** A curve as text: a bar of processor time, or of wall time where that is all that can be told, for each size. */
export function chart({ of, what, points }: Curve): string {
  const told = points.map(({ size, ms, cpuMs }) => ({
    size: size.toLocaleString("en"),
    wall: median(ms),
    cpu: cpuMs.length === 0 ? null : median(cpuMs),
  }));
  const most = Math.max(...told.map(({ wall, cpu }) => cpu ?? wall));
  const wide = Math.max(...told.map(({ size }) => size.length));
  const lines = told.map(({ size, wall, cpu }) => {
    const bar = "#".repeat(Math.max(1, Math.round(((cpu ?? wall) / most) * WIDTH)));
    return `${size.padStart(wide)} ${bar} ${cpu === null ? "–" : milliseconds(cpu)} | ${milliseconds(wall)}`;
  });
  return [`${what}, by ${of}`, ...lines].join("\n");
}

function milliseconds(value: number): string {
  return value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1_000).toFixed(1)} s`;
}
