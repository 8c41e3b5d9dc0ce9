import { lstatSync } from "node:fs";
import { link, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { monotonicMs } from "../bounds/monotonic.ts";
import { AskCodexError, isErrno } from "../errors.ts";
import { readJson } from "../files/json-file.ts";
import { randomHex } from "../files/random-hex.ts";
import { PRIVATE_FILE, writeWhole } from "../files/write-whole.ts";
import { isRecordedAlive } from "./liveness.ts";

/** Who holds something that only one process may have. Whether it still lives is asked of the process table, never stored. */
export interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  /** Where the pid is its name; left out where there are no pid namespaces. */
  readonly pidNamespace?: string | undefined;
  /** The run, or whatever else the process holds it for. */
  readonly runId: string;
  /** The folder of the broker session whose worker this is: its socket is there. */
  readonly session?: string | undefined;
}

export interface Hold {
  release(): Promise<void>;
}

export type Taking =
  | { readonly type: "held"; readonly hold: Hold }
  | { readonly type: "busy"; readonly holder: Holder };

const holder: z.ZodMiniType<Holder> = z.object({
  pid: z.number(),
  startedAt: z.string(),
  pidNamespace: z.optional(z.string()),
  runId: z.string(),
  session: z.optional(z.string()),
});

/**
 * Takes what `path` stands for, over all processes of ours: at any moment one living process has it. The hold of a dead one is
 * broken. Waits for others who are at it no longer than `signal` allows.
 * @throws AskCodexError `internal` when the file is damaged: it is kept; the signal's reason
 */
export async function takeHold(path: string, own: Holder, signal?: AbortSignal): Promise<Taking> {
  // Not by the name alone: two workers of one session have the same, and neither must claim in the other's.
  const claim = `${path}.${own.runId}.${randomHex(4)}`;
  await writeWhole(claim, JSON.stringify(own));
  try {
    const deadline = monotonicMs() + TAKE_LIMIT_MS;
    while (!(await claimPath(claim, path))) {
      signal?.throwIfAborted();
      // Others may be at it as well, and each turn of theirs takes milliseconds.
      if (monotonicMs() > deadline) throw new AskCodexError("internal", `cannot be taken: ${path}`, { hint: MOVE });
      const found = await readHolder(path);
      if (found === null) {
        await sleep(BREAKING_POLL_MS);
        continue;
      }
      if (await isHolding(path, found)) return { type: "busy", holder: found };
      await breakHold(path, found);
    }
  } finally {
    await rm(claim, { force: true });
  }
  return { type: "held", hold: { release: () => release(path, own) } };
}

const TAKE_LIMIT_MS = 30_000;

const MOVE = "Find out what stands there, and move it away.";

/** The living process that has it, or null. */
export async function holderOf(path: string): Promise<Holder | null> {
  const found = await readHolder(path);
  return found !== null && (await isHolding(path, found)) ? found : null;
}

async function isHolding(path: string, found: Holder): Promise<boolean> {
  const takenAt = (await stat(path).catch(() => null))?.mtimeMs ?? Date.now();
  return isRecordedAlive(found, takenAt);
}

async function readHolder(path: string): Promise<Holder | null> {
  const found = await readJson(path, holder);
  if (found.type === "valid") return found.value;
  if (found.type === "absent") return null;
  // A hold appears whole. An empty one is what a machine leaves that lost its power.
  if (sizeOf(path) === 0) return NOBODY;
  throw new AskCodexError("internal", `cannot be read: ${path} (${found.reason})`, { hint: MOVE });
}

/** The size of a plain file; null for anything else. */
function sizeOf(path: string): number | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : null;
}

const NOBODY: Holder = { pid: 0, startedAt: "", runId: "" };

async function release(path: string, own: Holder): Promise<void> {
  const found = await readJson(path, holder);
  if (found.type === "valid" && isSame(found.value, own)) await rm(path, { force: true });
}

function isSame(one: Holder, other: Holder): boolean {
  return (
    one.runId === other.runId &&
    one.pid === other.pid &&
    one.pidNamespace === other.pidNamespace &&
    one.startedAt === other.startedAt
  );
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

// A breaker is done within milliseconds; one that died in the middle must not keep it for ever.
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
    // Either way: a clock that went back has it made in the future.
    if (since !== null && Math.abs(Date.now() - since.mtimeMs) > BREAKING_LIMIT_MS) await rm(breaking, { force: true });
    await sleep(BREAKING_POLL_MS);
    return;
  }
  try {
    const found = await readHolder(path);
    if (found !== null && isSame(found, dead)) await rm(path, { force: true });
  } finally {
    await rm(breaking, { force: true });
  }
}
