import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { UsageError } from "../../errors.ts";
import { randomHex } from "../../files/random-hex.ts";
import { carryOutTask } from "../../fleet/batch/carry-out.ts";
import { openOwnFolder } from "../../fleet/batch/own-folder.ts";
import { claimsOn } from "../../fleet/engine/claims.ts";
import type { Claims } from "../../fleet/engine/engine.ts";
import { shelfOn } from "../../fleet/engine/shelf.ts";
import { makeQueueKey } from "../../fleet/seal/queue-key.ts";
import { readWorkerPolicy, type WorkerPolicy } from "../../fleet/worker/policy.ts";
import { openSeen } from "../../fleet/worker/seen.ts";
import { type Figures, serve, type WorkerEvent } from "../../fleet/worker/serve.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { oneLine } from "../../text/defuse.ts";
import { openRun } from "../command/open-run.ts";
import { planTask } from "../command/task-plan.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { requireState } from "../edge/output-path.ts";
import { outputPlace } from "../edge/output-place.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { openQueue } from "./open-queue.ts";
import type { WorkerFlags } from "./worker-options.ts";

const FIGURES_MS = 60_000;

/** `ask-codex worker`: takes tasks off a queue until it is stopped by a signal. */
export async function worker(flags: WorkerFlags): Promise<number> {
  if (flags.newKey !== undefined) return newKey(flags.newKey);
  refuseInside("ask-codex worker");
  if (flags.slots < 1) throw new UsageError("--slots takes 1 or more.");
  const policy = readWorkerPolicy(flags.policy ?? null);
  const state = stateFolder();
  await requireState(state);
  const queue = await openQueue(flags);
  try {
    const name = `${hostname()}-${randomHex(4)}`;
    const own = await openOwnFolder(join(state, "fleet"), name);
    try {
      const claims = await claimsOn({ ...queue, labels: flags.label });
      try {
        await takeTasks({ ...queue, ...{ flags, policy, state, name, claims }, folder: own.folder });
      } finally {
        // What still waits for a server that is away fails now.
        queue.close();
        await claims.stop();
      }
    } finally {
      await own.remove();
    }
  } finally {
    queue.close();
  }
  return 0;
}

interface Taking extends Awaited<ReturnType<typeof openQueue>> {
  readonly flags: WorkerFlags;
  readonly policy: WorkerPolicy;
  readonly state: string;
  readonly name: string;
  readonly claims: Claims;
  /** This worker's own. */
  readonly folder: string;
}

async function takeTasks({ flags, policy, state, name, claims, folder, key, redis }: Taking): Promise<void> {
  const { context } = await openRun({ quiet: true, cleanEnv: flags.cleanEnv, keepEnv: flags.keepEnv }, state);
  const { signal } = context;
  const shelf = shelfOn({ redis, key });
  const carryOut = carryOutTask({
    ...{ shelf, key, state, folder, policy },
    planned: ({ task, codex }, root) => planTask(task, { codex, root, state }),
    context: async (runId, progress, ends) => ({
      ...context,
      ...{ runId, progress, signal: ends, owner: await ownHolder(runId), codex: ownCodex() },
    }),
  });
  const seen = await openSeen(join(state, "fleet", "seen"), Date.now());
  const serving = { key, worker: name, policy, seen, shelf, carryOut, now: Date.now };
  const onEvent = (event: WorkerEvent) => writeErr(`[worker] ${oneLine(wordsFor(event), 300)}\n`);
  const { figures, ended } = serve({
    ...{ ...serving, claims, slots: flags.slots, idleMs: flags.idleExit * 1000, signal, onEvent },
  });
  writeErr(`[worker] ${name} takes tasks, ${flags.slots} at once; a signal ends it\n`);
  await reported(name, figures, ended);
}

function newKey(path: string): number {
  const here = currentFolder();
  makeQueueKey(outputPlace("--new-key", resolve(here, path), here));
  writeErr(`The key is in ${path}. Copy it to each machine, readable by its owner only.\n`);
  return 0;
}

/** A line of figures a minute, and the last one at the end. */
async function reported(name: string, figures: () => Figures, ended: Promise<void>): Promise<void> {
  const write = () => writeOut(`${JSON.stringify({ time: new Date().toISOString(), worker: name, ...figures() })}\n`);
  const timer = setInterval(write, FIGURES_MS);
  try {
    await ended;
  } finally {
    clearInterval(timer);
    write();
  }
}

function wordsFor(event: WorkerEvent): string {
  if (event.event === "claimed") return `takes ${event.attempt} of ${event.batch}`;
  if (event.event === "queue") return `the queue cannot be used, it is tried again: ${event.why}`;
  return `${event.task}: ${event.ended}${event.why === null ? "" : ` (${event.why})`}`;
}
