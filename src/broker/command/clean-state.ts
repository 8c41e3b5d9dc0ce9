import { rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { livingRuns } from "../../ask/model/live-runs.ts";
import { isHeld } from "../../ask/model/thread-hold.ts";
import { threadsFolder } from "../../ask/model/thread-record.ts";
import { inBatches } from "../../bounds/in-batches.ts";
import { AskCodexError, isErrno, messageOf } from "../../errors.ts";
import { exists } from "../../files/look.ts";
import { namesIn } from "../../files/names-in.ts";
import { randomHex } from "../../files/random-hex.ts";
import { readPlainBytes } from "../../files/read-plain.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { isUnderWay } from "../../review/run/review-hold.ts";
import { counted } from "../../text/words.ts";
import { removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { patchOf } from "../../workspace/worktree/patch.ts";
import { readSession } from "../store/session-log.ts";
import { sessionFolders, sessionPaths, unbegunFolders } from "../store/session-paths.ts";
import { type Cleaned, cleanBatches } from "./clean-batches.ts";
import { cleanReviews } from "./clean-reviews.ts";
import { inspectSession } from "./inspect-session.ts";
import { withSession } from "./repair-session.ts";

/**
 * Removes the sessions and runs that are finished and were last touched before `before` (ms since the epoch). What still waits for
 * something stays, whatever its age: work in a queue, a worktree whose patch may not have been applied. The worktree of a killed review
 * goes, the gate's record of an old session, and a batch whose results are elsewhere.
 */
export async function cleanState(root: string, state: string, before: number, dryRun: boolean): Promise<Cleaned> {
  const removed: string[] = [];
  const kept: { path: string; reason: string }[] = [];
  for (const folder of await sessionFolders(root)) {
    if ((await touched(sessionPaths(folder).events)) >= before) continue;
    const reason = await whyKept(folder);
    if (reason !== null) kept.push({ path: folder, reason });
    else if (dryRun || (await removeSession(folder))) removed.push(folder);
    else kept.push({ path: folder, reason: "a worker serves it" });
  }
  for (const path of await strayClaims(root, before)) {
    if (!dryRun) await rm(path, { force: true });
    removed.push(path);
  }
  for (const folder of await unbegunFolders(root)) {
    if ((await touched(folder)) >= before) continue;
    if (!dryRun) await rm(folder, { recursive: true, force: true });
    removed.push(folder);
  }
  for (const path of await oldThreads(state, { before, inUse: await threadsOf(root, removed) })) {
    if (!dryRun) await rm(path, { force: true });
    removed.push(path);
  }
  const living = new Set((await livingRuns(state)).map(({ runId }) => runId));
  for (const folder of await runFolders(state)) {
    if (living.has(basename(folder)) || (await lastUse(folder)) >= before) continue;
    if (await isUnderWay(state, basename(folder))) continue;
    if (!dryRun) await rm(folder, { recursive: true, force: true });
    removed.push(folder);
  }
  removed.push(...(await cleanReviews(state, { before, dryRun, touched })));
  const batches = await cleanBatches(state, { before, dryRun, touched });
  return { removed: [...removed, ...batches.removed], kept: [...kept, ...batches.kept] };
}

// A claim lives for milliseconds: one of this age is what a killed process has left.
const STRAY_CLAIM = /\.(?:hold|starting)\.[^/]+\.[0-9a-f]{8}$/;

/** Claims of killed processes: for the sessions that stay, and for the beginning of one. */
async function strayClaims(root: string, before: number): Promise<readonly string[]> {
  const folders = [root, ...(await sessionFolders(root))];
  const old = await inBatches(folders, async (folder) => {
    const names = (await namesIn(folder)).filter((name) => STRAY_CLAIM.test(name));
    const paths = names.map((name) => join(folder, name));
    const times = await inBatches(paths, touched);
    return paths.filter((_, index) => (times[index] as number) < before);
  });
  return old.flat();
}

/** Records of conversations that no process has under way, and the claims of killed processes. Codex's own record of them stays. */
async function oldThreads(
  state: string,
  { before, inUse }: { readonly before: number; readonly inUse: ReadonlySet<string> },
): Promise<readonly string[]> {
  const folder = threadsFolder(state);
  const names = await namesIn(folder);
  const old = await inBatches(names, async (name) => {
    const path = join(folder, name);
    if (!/\.json$/.test(name) && !STRAY_CLAIM.test(name)) return [];
    if ((await touched(path)) >= before) return [];
    const thread = name.replace(/\.json$/, "");
    return thread !== name && (inUse.has(thread) || (await isHeld(state, thread))) ? [] : [path];
  });
  return old.flat();
}

/** The threads of the sessions that stay: without its record a session could not be gone on with as it was. */
async function threadsOf(root: string, removed: readonly string[]): Promise<ReadonlySet<string>> {
  const staying = (await sessionFolders(root)).filter((folder) => !removed.includes(folder));
  const threads = await inBatches(staying, async (folder) => threadOf(folder));
  return new Set(threads.filter((thread) => thread !== null));
}

/** Null also for a session whose journal cannot be read: it names no thread. */
function threadOf(folder: string): string | null {
  try {
    return readSession(sessionPaths(folder).events).threadId;
  } catch (error) {
    if (error instanceof AskCodexError) return null;
    throw error;
  }
}

/** Removes one session, its worktree included, whatever its age; why it stays, where something in it waits or would be lost. */
export async function forgetSession(folder: string): Promise<string | null> {
  const reason = await whyKept(folder);
  if (reason !== null) return reason;
  return (await removeSession(folder)) ? null : "a worker serves it";
}

async function whyKept(folder: string): Promise<string | null> {
  try {
    const { state, worker } = await inspectSession(folder);
    if (worker !== "none") return "a worker serves it";
    if (state.pending_count > 0) return `${counted(state.pending_count, "message")} in its queue`;
    return (await isTaken(folder)) ? null : "its worktree holds what no apply has brought home";
  } catch (error) {
    return messageOf(error);
  }
}

/** True when nothing would be lost with the session's worktree. */
async function isTaken(folder: string): Promise<boolean> {
  const paths = sessionPaths(folder);
  const { worktree } = readSession(paths.events).options;
  if (worktree === null) return true;
  const scratch = join(folder, `clean-${randomHex(6)}`);
  await makePrivateFolder(scratch);
  try {
    const { patch, missing } = await patchOf(worktree, scratch);
    const applied = (await exists(paths.applied)) ? readPlainBytes(paths.applied) : Buffer.alloc(0);
    return patch.equals(applied) && missing.length === 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Under the session's hold: no one can begin to serve it meanwhile. */
async function removeSession(folder: string): Promise<boolean> {
  const { worktree } = readSession(sessionPaths(folder).events).options;
  return withSession(sessionPaths(folder), async (log) => {
    log.close();
    // By where it lies, not by the place that its record names: what is removed is gone.
    if (worktree !== null) await removeWorktree(worktree.repository, sessionPaths(folder).worktree);
    // Someone who looks at the session in this moment may leave a claim for it in the folder.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}

async function runFolders(state: string): Promise<readonly string[]> {
  return (await namesIn(join(state, "runs"))).map((name) => join(state, "runs", name));
}

/** When something last happened in a run; a review has no journal of its own. */
async function lastUse(folder: string): Promise<number> {
  return (await touched(join(folder, "events.jsonl"))) || (await touched(folder));
}

/** When a file was last written; a missing file is old. */
async function touched(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return 0;
    throw error;
  }
}
