import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Measured, measureExit, type Program } from "./measure.ts";

const PRELOADED = join(import.meta.dirname, "programs", "own-processor-time.cjs");

/** Runs a Node program, and gives the processor time of that one process as well, without its children (ms). */
export async function measureOwn(
  { command, args, cwd, env }: Program,
  folder: string,
  signal: AbortSignal,
): Promise<Measured & { readonly ownMs: number }> {
  const note = join(folder, "own-processor-time");
  const script = command === "node" ? args : [command, ...args];
  const program = { command: "node", args: ["--require", PRELOADED, ...script], cwd };
  const measured = await measureExit(0, { ...program, env: { ...env, BENCH_OWN_PROCESSOR_TIME: note } }, signal);
  return { ...measured, ownMs: Number(await readFile(note, "utf8")) };
}
