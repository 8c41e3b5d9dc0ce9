import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { type Hold, takeHold } from "../../process/hold.ts";
import { recover } from "../command/recover.ts";
import { done } from "../socket/protocol.ts";
import { sayWord } from "../socket/say-word.ts";
import { openSessionLog } from "../store/session-log.ts";
import { sessionPaths } from "../store/session-paths.ts";
import type { WorkerContext } from "./context.ts";
import { Worker } from "./worker.ts";

// A worker that leaves ends its Codex first; one that does neither leave nor answer is stuck.
const TAKE_LIMIT_MS = 15_000;
const TAKE_POLL_MS = 20;

/**
 * Serves a session until it is left alone for long enough: this process becomes its worker. When another one serves it already, that
 * one is asked to look into its queue.
 */
export async function serveSession(folder: string, context: WorkerContext): Promise<void> {
  const hold = await becomeWorker(folder, context);
  if (hold === null) return;
  const paths = sessionPaths(folder);
  try {
    // A stop that came while this process was on its way found no one to end.
    if (existsSync(paths.stop)) return;
    // What commands that were killed have left: no one waits for it.
    await rm(paths.words, { recursive: true, force: true });
    const log = openSessionLog(paths);
    try {
      await recover(log, paths);
      await new Worker(paths, log, context).run();
    } finally {
      log.close();
    }
  } finally {
    await hold.release();
  }
}

/** The hold on the session; null when someone else has it and answers. */
async function becomeWorker(folder: string, { owner, granted }: WorkerContext): Promise<Hold | null> {
  const deadline = monotonicMs() + TAKE_LIMIT_MS;
  for (;;) {
    const taking = await takeHold(sessionPaths(folder).hold, owner);
    if (taking.type === "held") return taking.hold;
    // It may be on its way out: then it answers no more, and is gone in a moment.
    const answered = await sayWord(folder, { type: "resume", granted: [...granted] }, done).catch(() => null);
    if (answered !== null || monotonicMs() > deadline) return null;
    await sleep(TAKE_POLL_MS);
  }
}
