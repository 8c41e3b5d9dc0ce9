import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "../../src/errors.ts";
import { describeLeftovers, processesStillWith } from "../support/leftovers.ts";
import { createWorld, type World, type WorldOptions } from "../support/world.ts";

// What has exited is still in the process table for a moment on a busy machine.
const GRACE_MS = 500;

/** A world for one measurement, and the proof that it leaves neither a process nor a temporary file behind. */
export async function inWorld<T>(options: WorldOptions, work: (world: World) => Promise<T>): Promise<T> {
  await using world = await createWorld({ features: "default", ...options });
  const result = await work(world);
  const traces = { variable: `ASK_CODEX_WORLD=${world.env["ASK_CODEX_WORLD"]}`, folder: world.home };
  const processes = await processesStillWith(traces, GRACE_MS);
  const files = await temporaryFiles(world);
  if (processes.length === 0 && files.length === 0) return result;
  throw new Error(`left behind:\n${describeLeftovers(processes)}\n${files.join("\n")}`);
}

/** What is in TMPDIR, and what of our state is meant to last no longer than its run. */
async function temporaryFiles({ temp, state }: World): Promise<readonly string[]> {
  const [inTemp, inState] = await Promise.all([allFiles(temp), allFiles(state)]);
  return [
    ...inTemp.filter((path) => !CODEX_SANDBOX.test(path) && !CLAUDES.test(path)),
    ...inState.filter((path) => SHORT_LIVED.test(path)),
  ];
}

// Codex's own: the mount points of its sandbox, kept when a command is killed, and its book of them.
const CODEX_SANDBOX = /\/temp\/(\.git|\.agents|\.codex|\.aws|codex-bwrap-synthetic-mount-targets-\d+(\/.*)?)$/;

// Claude Code's own: sockets, and probes of what it watches.
const CLAUDES = /\/temp\/claude(\/.*)?$/;

// Registrations, snapshots, holds, probes and the temporary files of whole writes.
const SHORT_LIVED = /\/live\/.|\/snapshot(\/|$)|\.hold\b|\.probe$|\.(json|md)\.\d+$/;

async function allFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
