import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { timeLimit } from "../../src/bounds/time-limit.ts";

/** A whole program, as a person or a script would start it. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Measured {
  /** From before it was started until it had exited. */
  readonly ms: number;
  /** Processor time of it and of all that it waited for, to 10 ms; null where the system does not tell. */
  readonly cpuMs: number | null;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// No program of a bench takes a tenth of it.
const LONGEST_MS = 5 * 60_000;

/** Runs a program to its end. Its output is read, as by any caller. Rejects when the bench is interrupted, or when it has no end. */
async function measure(program: Program, interrupted: AbortSignal): Promise<Measured> {
  interrupted.throwIfAborted();
  const limit = timeLimit([interrupted], LONGEST_MS);
  const [startedAt, cpuBefore] = [performance.now(), cpuOfChildren()];
  const child = spawn(program.command, [...program.args], {
    cwd: program.cwd,
    env: program.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => void child.kill("SIGTERM");
  limit.signal.addEventListener("abort", stop);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const closed = once(child, "close");
  const [code] = (await once(child, "exit")) as [number | null];
  const ms = performance.now() - startedAt;
  await closed;
  limit.clear();
  limit.signal.throwIfAborted();
  const cpu = cpuOfChildren();
  return { ms, cpuMs: cpu === null || cpuBefore === null ? null : cpu - cpuBefore, code, ...output };
}

const MS_PER_TICK = 10;

/** What all children that have ended used, their own children included. A bench has one at a time. */
function cpuOfChildren(): number | null {
  if (process.platform !== "linux") return null;
  const stat = readFileSync("/proc/self/stat", "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15);
  return (Number(user) + Number(system)) * MS_PER_TICK;
}

/** A benchmark of something that went wrong would be worth nothing. */
export async function measureExit(expected: number, program: Program, signal: AbortSignal): Promise<Measured> {
  const measured = await measure(program, signal);
  if (measured.code === expected) return measured;
  const { command, args } = program;
  const said = `${measured.stdout}${measured.stderr}`.slice(-1_000);
  throw new Error(`${[command, ...args].join(" ")} ended with ${measured.code} instead of ${expected}:\n${said}`);
}

/** Programs to be run once a round, and the processor time of the rounds that counted. */
export function meter(signal: AbortSignal) {
  const used = new Map<string, number[]>();
  return {
    once: (program: Program) => async () => {
      const { ms, cpuMs } = await measureExit(0, program, signal);
      const key = keyOf(program);
      used.set(key, [...(used.get(key) ?? []), cpuMs ?? Number.NaN]);
      return ms;
    },
    // The first round warms up.
    cpu: (program: Program) => (used.get(keyOf(program)) ?? []).slice(1),
  };
}

function keyOf({ command, args }: Program): string {
  return JSON.stringify([command, args]);
}

export type Samples<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * Everybody once a round, each round begun by another one, so that whatever else the machine does weighs on all alike. One round
 * comes before that and does not count.
 */
export async function contest<Name extends string>(
  entrants: Readonly<Record<Name, () => Promise<number>>>,
  runs: number,
  { warmUp = true }: { readonly warmUp?: boolean } = {},
): Promise<Samples<Name>> {
  const names = Object.keys(entrants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  if (warmUp) for (const name of names) await entrants[name]();
  for (let round = 0; round < runs; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) samples[name].push(await entrants[name]());
  }
  return samples;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error("no samples");
  return (low + high) / 2;
}
