import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { newId } from "../../files/state-paths.ts";
import { takeHold } from "../../process/hold.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { done } from "../socket/protocol.ts";
import { sayWord } from "../socket/say-word.ts";
import { countQueue } from "../store/queue.ts";
import { openSessionLog, type SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import type { Word } from "../store/word.ts";
import { needsRecovery, recover } from "./recover.ts";

/** Does something with a session that no worker serves; false when one does after all. */
export async function withSession(paths: SessionPaths, act: (log: SessionLog) => Promise<void>): Promise<boolean> {
  const taking = await takeHold(paths.hold, await ownHolder(newId()));
  if (taking.type === "busy") return false;
  try {
    const log = openSessionLog(paths);
    try {
      await act(log);
    } finally {
      log.close();
    }
    return true;
  } finally {
    await taking.hold.release();
  }
}

/** Puts a session in order whose worker has died: `whole`, there was nothing to repair; `busy`, someone holds it. */
export async function repair(paths: SessionPaths): Promise<"repaired" | "whole" | "busy"> {
  let found = false;
  const held = await withSession(paths, async (log) => {
    found = needsRecovery(log.state);
    if (found) await recover(log, paths);
    await log.publish();
  });
  return !held ? "busy" : found ? "repaired" : "whole";
}

/**
 * Notes that the queue goes on, if there is one, before its worker is there: who looks meanwhile must find work that waits, and no session at rest.
 * True when a dead worker was found, and the record repaired.
 */
export async function releaseQueue(paths: SessionPaths): Promise<boolean> {
  let found = false;
  const release = async (log: SessionLog) => {
    found = needsRecovery(log.state);
    if (found) await recover(log, paths);
    // Where nothing waits, nothing goes on: what was stopped stays stopped.
    if (countQueue(paths.queue) > 0) {
      await rm(paths.stop, { force: true });
      if (log.state.queueHeld || log.state.stopped) log.record("queue_released", {});
    }
    await log.publish();
  };
  await doOrTell(paths, release, { type: "resume", granted: [] });
  return found;
}

// A worker that leaves ends its Codex first.
const LEAVE_LIMIT_MS = 15_000;
const LEAVE_POLL_MS = 20;

/** Does it with a session that no worker serves, else has its worker do it by this word. False: the worker does neither that nor leave. */
export async function doOrTell(
  paths: SessionPaths,
  act: (log: SessionLog) => Promise<void>,
  word: Word,
): Promise<boolean> {
  const deadline = monotonicMs() + LEAVE_LIMIT_MS;
  while (!(await withSession(paths, act))) {
    // A worker that serves the session does it itself; one that is on its way out does not answer, and is gone in a moment.
    const answered = await sayWord(paths.folder, word, done).catch(() => null);
    if (answered !== null) return true;
    if (monotonicMs() > deadline) return false;
    await sleep(LEAVE_POLL_MS);
  }
  return true;
}
