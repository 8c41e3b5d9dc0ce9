import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { timeLimit } from "../../src/bounds/time-limit.ts";
import { unlessLongAborted } from "../../src/bounds/unless-long-aborted.ts";
import { isErrno } from "../../src/errors.ts";
import { describeLeftovers, endLeftovers, processesStillWith, type Traces } from "../support/leftovers.ts";
import { createWorld, type World, type WorldOptions } from "../support/world.ts";

// What has exited is still in the process table for a moment on a busy machine.
const GRACE_MS = 500;

// Nothing that is measured in one world takes as long, whatever the machine.
const LONGEST_MS = 30 * 60_000;

// What is interrupted ends by itself, as a rule, and more politely than it is ended from outside.
const LAST_WORDS_MS = 3_000;

interface BenchWorld extends WorldOptions {
  /** Aborted when the bench is interrupted: then the world is taken down, whatever its work is waiting for. */
  readonly signal: AbortSignal;
}

/** A world for one measurement, and the proof that it leaves neither a process nor a temporary file behind. */
export async function inWorld<T>({ signal, ...options }: BenchWorld, work: (world: World) => Promise<T>): Promise<T> {
  await using world = await createWorld({ features: "default", ...options });
  const limit = timeLimit([signal], LONGEST_MS);
  const result = await unlessLongAborted(work(world), limit.signal, LAST_WORDS_MS)
    .finally(limit.clear)
    .catch(async (error: unknown) => {
      // Why it failed is worth more than that something was left, which is ended here.
      endLeftovers(await processesStillWith(tracesOf(world), GRACE_MS));
      throw error;
    });
  const processes = await processesStillWith(tracesOf(world), GRACE_MS);
  const files = await temporaryFiles(world);
  if (processes.length === 0 && files.length === 0) return result;
  throw new Error(`left behind:\n${describeLeftovers(processes)}\n${files.join("\n")}`);
}

function tracesOf({ env, home }: World): Traces {
  return { variable: `ASK_CODEX_WORLD=${env["ASK_CODEX_WORLD"]}`, folder: home };
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
