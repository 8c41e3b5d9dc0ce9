import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Stage } from "./frame.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly seconds: string;
}

/**
 * Runs a compiled program as a person would: what it tells of its progress goes straight to our stderr. When the demo is
 * interrupted so is the program, which ends in order, and then this throws.
 */
export async function runProgram(
  { world, signal: interrupted }: Stage,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = world.env,
): Promise<Ran> {
  interrupted.throwIfAborted();
  const startedAt = performance.now();
  const child = spawn(program, [...args], { cwd: world.workspace, env, stdio: ["ignore", "pipe", "inherit"] });
  // A terminal signals both of us, `kill` the demo alone. A second signal changes nothing.
  const stop = () => void child.kill("SIGINT");
  interrupted.addEventListener("abort", stop);
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number | null]>]);
  interrupted.removeEventListener("abort", stop);
  interrupted.throwIfAborted();
  return { code, stdout, seconds: ((performance.now() - startedAt) / 1_000).toFixed(1) };
}
