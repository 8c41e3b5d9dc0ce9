import { link, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { AskCodexError, isErrno } from "../errors.ts";
import { readJson } from "../files/json-file.ts";
import { makePrivateFolder, PRIVATE_FILE, writeWhole } from "../files/write-whole.ts";
import { isAlive } from "../process/process-table.ts";
import { threadsFolder } from "./thread-record.ts";

/** Who has a thread's live turn. Whether that process still lives is asked of the process table, never stored. */
export interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly runId: string;
}

export interface Hold {
  release(): Promise<void>;
}

const holder: z.ZodMiniType<Holder> = z.object({ pid: z.number(), startedAt: z.string(), runId: z.string() });

/**
 * Takes a thread for one turn, over all our processes. The hold of a dead process is broken.
 * @throws AskCodexError `session_busy`, naming the holder
 */
export async function holdThread(state: string, threadId: string, own: Holder): Promise<Hold> {
  await makePrivateFolder(threadsFolder(state));
  const path = holdPath(state, threadId);
  const claim = `${path}.${own.runId}`;
  await writeWhole(claim, JSON.stringify(own));
  try {
    while (!(await claimPath(claim, path))) {
      const found = await readJson(path, holder);
      if (found.type === "absent") continue;
      if (found.type === "corrupt") throw new AskCodexError("internal", `cannot be read: ${path} (${found.reason})`);
      if (await isAlive(found.value)) throw busy(threadId, found.value);
      await breakHold(path, found.value);
    }
  } finally {
    await rm(claim, { force: true });
  }
  return {
    async release() {
      const found = await readJson(path, holder);
      if (found.type === "valid" && found.value.runId === own.runId) await rm(path, { force: true });
    },
  };
}

/** Whether a living process has a turn of this thread under way. */
export async function isHeld(state: string, threadId: string): Promise<boolean> {
  const found = await readJson(holdPath(state, threadId), holder);
  return found.type === "valid" && (await isAlive(found.value));
}

function holdPath(state: string, threadId: string): string {
  return join(threadsFolder(state), `${threadId}.hold`);
}

/** A hard link appears whole or not at all, and only for one of many. */
async function claimPath(claim: string, path: string): Promise<boolean> {
  try {
    await link(claim, path);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

// A breaker is done within milliseconds; one that died in the middle must not keep the thread for ever.
const BREAKING_LIMIT_MS = 10_000;
const BREAKING_POLL_MS = 5;

/** Removes a dead process's hold. One breaker at a time, who looks again: a hold that was taken anew meanwhile stays. */
async function breakHold(path: string, dead: Holder): Promise<void> {
  const breaking = `${path}.breaking`;
  try {
    await writeFile(breaking, "", { flag: "wx", mode: PRIVATE_FILE });
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    const since = await stat(breaking).catch(() => null);
    if (since !== null && Date.now() - since.mtimeMs > BREAKING_LIMIT_MS) await rm(breaking, { force: true });
    await sleep(BREAKING_POLL_MS);
    return;
  }
  try {
    const found = await readJson(path, holder);
    if (found.type === "valid" && found.value.runId === dead.runId) await rm(path, { force: true });
  } finally {
    await rm(breaking, { force: true });
  }
}

function busy(threadId: string, { pid, runId }: Holder): AskCodexError {
  return new AskCodexError("session_busy", `session ${threadId} is in use by run ${runId} (process ${pid})`);
}
