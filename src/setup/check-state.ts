import { mkdtempSync, rmdirSync } from "node:fs";
import { access, chmod, constants, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { recordFiles, threadsFolder } from "../ask/model/thread-record.ts";
import { inBatches } from "../bounds/in-batches.ts";
import { repair } from "../broker/command/repair-session.ts";
import { sessionFolders, sessionPaths } from "../broker/store/session-paths.ts";
import { isErrno, messageOf } from "../errors.ts";
import { nearestThere } from "../files/look.ts";
import { stateFault } from "../files/state-fault.ts";
import { PRIVATE_FOLDER } from "../files/write-whole.ts";
import { holderOf, takeHold } from "../process/hold.ts";
import { ownHolder } from "../process/own-holder.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** The state folder: it can be written, and no one else can look into it. */
export async function checkState(state: string, fix: boolean): Promise<Check> {
  const elsewhere = "Set ASK_CODEX_HOME to a folder of your own that can be written.";
  try {
    const there = await nearestThere(state);
    await access(there, constants.W_OK | constants.X_OK);
    if (there !== state) {
      // Some folders take none, whatever their mode says.
      rmdirSync(mkdtempSync(join(there, ".ask-codex-")));
      return ok("state", `${state} (made when it is needed)`);
    }
    const found = await stat(state);
    if (!found.isDirectory()) return fail("state", `${state} is not a folder`, elsewhere);
    if (found.uid !== process.getuid?.()) return warn("state", `${state} belongs to another user`, elsewhere);
    const fault = stateFault(state);
    if (fault !== null && !fault.startsWith(`${state} `))
      return fail("state", `${state} cannot be trusted: ${fault}`, elsewhere);
    const mode = found.mode & 0o777;
    if ((mode & 0o077) === 0) return ok("state", state);
    if (!fix)
      return warn(
        "state",
        `others may look into ${state} (mode ${mode.toString(8)})`,
        `Run: chmod 700 '${state}' (or doctor --fix)`,
      );
    await chmod(state, PRIVATE_FOLDER);
    return { ...ok("state", state), fixed: `mode ${mode.toString(8)} is 700 now` };
  } catch (error) {
    return fail("state", `${state} cannot be written (${messageOf(error)})`, elsewhere);
  }
}

// Listings read the newest ones; what is older is only in the way.
const MANY = 2_000;

/** How much earlier work is kept: nothing of it goes by itself. */
export async function checkKept(state: string, sessions: string): Promise<Check> {
  const lists = [await filesIn(join(state, "runs")), await recordFiles(state), await sessionFolders(sessions)];
  const [runs = 0, threads = 0, all = 0] = lists.map(({ length }) => length);
  const kept = `${runs} runs, ${threads} records of threads, ${all} broker sessions`;
  if (Math.max(runs, threads, all) < MANY) return ok("kept", kept);
  return warn("kept", kept, "Remove what is old: codex_broker clean --dry-run shows it.");
}

/** Sessions and threads whose holder has died. The next command for one breaks its hold; until then it only looks taken. */
export async function checkHolds(state: string, sessions: string, fix: boolean): Promise<Check> {
  const stale: string[] = [];
  const damaged: string[] = [];
  for (const hold of [...(await threadHolds(state)), ...(await sessionHolds(sessions))]) {
    const living = await holderOf(hold.path).catch(() => undefined);
    if (living === undefined) damaged.push(hold.path);
    else if (living === null && fix) await hold.release();
    if (living === null) stale.push(hold.path);
  }
  if (damaged.length > 0) return warn("holds", `cannot be read: ${damaged.join(", ")}`, "Move them away.");
  if (stale.length === 0) return ok("holds", "none of a dead process");
  if (fix) return { ...ok("holds", "none of a dead process"), fixed: `released ${stale.length}` };
  return warn(
    "holds",
    `${stale.length} of dead processes: ${stale.join(", ")}`,
    "The next command for that thread or session releases its hold; doctor --fix releases all.",
  );
}

interface HoldFile {
  readonly path: string;
  readonly release: () => Promise<unknown>;
}

async function threadHolds(state: string): Promise<readonly HoldFile[]> {
  const folder = threadsFolder(state);
  const names = (await filesIn(folder)).filter((name) => name.endsWith(".hold"));
  return names.map((name) => ({ path: join(folder, name), release: () => takeAndRelease(join(folder, name)) }));
}

async function sessionHolds(root: string): Promise<readonly HoldFile[]> {
  const all = (await sessionFolders(root)).map(sessionPaths);
  const held = await inBatches(all, async ({ folder }) => (await filesIn(folder)).includes("worker.hold"));
  // What its worker was doing is put in order with it.
  return all.filter((_, index) => held[index]).map((paths) => ({ path: paths.hold, release: () => repair(paths) }));
}

async function takeAndRelease(path: string): Promise<void> {
  const taking = await takeHold(path, await ownHolder("doctor"));
  if (taking.type === "held") await taking.hold.release();
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
