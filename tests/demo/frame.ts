import { access } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { messageOf } from "../../src/errors.ts";
import { requireBuilt } from "../support/built.ts";
import { describeLeftovers, processesStillWith } from "../support/leftovers.ts";
import { ROOT } from "../support/paths.ts";
import { createWorld, type World, type WorldOptions } from "../support/world.ts";
import { heading, say, verdict } from "./show.ts";

// What has been told to end needs a moment to be gone on a busy machine.
const GRACE_MS = 1_000;

type Check = (met: boolean, text: string) => void;

/** Where a story is told. */
export interface Stage {
  readonly world: World;
  /** Says whether something is as it was told. */
  readonly check: Check;
  readonly signal: AbortSignal;
}

interface Demo {
  readonly world: WorldOptions;
  readonly tell: (stage: Stage) => Promise<void>;
  /** How one does it with a login. */
  readonly closing: string;
}

/** Tells a story in a world of its own, end to end, without a login and without a network. Exit code 0: all was as told. */
export async function demonstrate({ world: options, tell, closing }: Demo): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => interrupted.abort());
  const { signal } = interrupted;
  let asTold = true;
  const check = (met: boolean, text: string) => {
    asTold &&= met;
    verdict(met, text);
  };
  let world: World | undefined;
  try {
    await requireBuilt(signal);
    await using inside = await createWorld({ ...options, retries: "default", features: "default" });
    world = inside;
    await tell({ world, check, signal });
  } catch (error) {
    if (signal.aborted) say("interrupted");
    else check(false, messageOf(error));
  }
  if (world !== undefined) await lookAround(world, check);
  if (signal.aborted) return 130;
  say(closing);
  return asTold ? 0 : 1;
}

async function lookAround({ env, workspace }: World, check: Check): Promise<void> {
  heading("Afterwards");
  const folder = dirname(workspace);
  const traces = { variable: `ASK_CODEX_WORLD=${env["ASK_CODEX_WORLD"]}`, folder };
  const processes = await processesStillWith(traces, GRACE_MS);
  const gone = processes.length === 0;
  if (process.platform !== "linux") say("(whether a process is left can be seen on Linux only)");
  else check(gone, gone ? "no process is left" : `these are left:\n${describeLeftovers(processes)}`);
  const files = await access(folder).then(
    () => true,
    () => false,
  );
  check(!files, `no file is left: ${relative(ROOT, folder)}/ is gone`);
}
