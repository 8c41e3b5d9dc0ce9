import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Starts a child; the only way that we do. An error is what kept it from being started at all: Node throws it (arguments too long, no
 * memory), or, when no descriptor is left, gives a child without streams, whose error comes before anyone listens. What is known later
 * (no such program) is the child's `error` event.
 */
export function startChild(program: string, args: readonly string[], options: SpawnOptions): ChildProcess | Error {
  try {
    const child = spawn(program, [...args], options);
    if ((child.stdio as unknown) !== undefined) return child;
    child.once("error", () => {});
    return Object.assign(new Error(`spawn ${program} EMFILE`), { code: "EMFILE" });
  } catch (error) {
    return error as Error;
  }
}

/** As startChild, in a folder that must be there: Node's own error would say that there is no such program. */
export function startChildIn(cwd: string, ...child: Parameters<typeof startChild>): ChildProcess | Error {
  const [program, args, options] = child;
  if (existsSync(cwd)) return startChild(program, args, { ...options, cwd });
  return Object.assign(new Error(`the folder to work in is gone: ${cwd}`), { code: "ENOTDIR" });
}
