import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

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
