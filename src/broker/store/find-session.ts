import { existsSync, lstatSync, statSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isErrno, UsageError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import type { InTree } from "../../workspace/git/same-tree.ts";
import { sessionPaths } from "./session-paths.ts";
import { readStateFile } from "./state-file.ts";

/**
 * The folder of the session that `id` means: a whole id, a beginning that only one has, or `@name`, the newest of that name in the work
 * tree.
 * @throws UsageError with the nearest ones
 */
export async function findSession(root: string, id: string, inTree: InTree): Promise<string> {
  if (id.startsWith("@")) return byName(root, id.slice(1), inTree);
  if (/^[\w-]+$/.test(id)) {
    const whole = join(root, id);
    if (await isSession(whole)) return requireOwn(whole);
    const ids = await sessionIds(root);
    const [one, another] = ids.filter((known) => known.startsWith(id));
    if (one !== undefined && another === undefined) return requireOwn(join(root, one));
    if (one !== undefined)
      throw new UsageError(
        `Several broker sessions begin with ${id}: ${ids
          .filter((known) => known.startsWith(id))
          .slice(0, NEAREST)
          .join(", ")}`,
      );
  }
  throw await unknown(root, id);
}

/** The folders of all sessions, newest first; those of other users are none of ours. */
export async function sessionFolders(root: string): Promise<readonly string[]> {
  return (await sessionIds(root)).map((id) => join(root, id)).filter(isOwn);
}

/** The folders of sessions that `start` was killed over. */
export async function unbegunFolders(root: string): Promise<readonly string[]> {
  return (await folderNames(root)).map((id) => join(root, id)).filter((folder) => !hasBegun(folder));
}

// As many as help, and no more than fit in a line.
const NEAREST = 3;

/**
 * The one session of the work tree: what a command without an id is about.
 * @throws UsageError when there is none, or several: it names them
 */
export async function onlySession(root: string, inTree: InTree, missing: string): Promise<string> {
  const here: (Known & { readonly folder: string })[] = [];
  for await (const known of knownSessions(root)) if (await inTree(known.startedIn)) here.push(known);
  const [one, another] = here;
  if (one !== undefined && another === undefined) return requireOwn(one.folder);
  if (one === undefined) throw new UsageError(missing, "This work tree has no session: codex_broker start.");
  const ids = here.slice(0, NEAREST).map(({ name, folder }) => (name === null ? basename(folder) : `@${name}`));
  throw new UsageError(
    missing,
    `This work tree has ${here.length}: ${[...new Set(ids)].join(", ")}${here.length > NEAREST ? ", …" : ""}`,
  );
}

interface Known {
  readonly name: string | null;
  readonly startedIn: string;
}

/** Newest first. */
async function* knownSessions(root: string): AsyncGenerator<Known & { readonly folder: string }> {
  for (const folder of await sessionFolders(root)) {
    const file = await readStateFile(sessionPaths(folder).state).catch(() => null);
    if (file?.type === "valid") yield { folder, name: file.value.name, startedIn: file.value.started_in };
  }
}

async function byName(root: string, name: string, inTree: InTree): Promise<string> {
  const names = new Set<string>();
  let elsewhere: string | null = null;
  for await (const known of knownSessions(root)) {
    if (known.name === null) continue;
    const isHere = await inTree(known.startedIn);
    if (isHere && known.name === name) return requireOwn(known.folder);
    if (isHere) names.add(known.name);
    else if (known.name === name) elsewhere ??= basename(known.folder);
  }
  const likely = [...new Set([...nearest(name, [...names]), ...names])].slice(0, NEAREST).map((one) => `@${one}`);
  if (elsewhere !== null)
    throw new UsageError(`Unknown broker session: @${name}`, `Another work tree has one: ${elsewhere}`);
  if (likely.length === 0) throw await unknown(root, `@${name}`);
  throw new UsageError(`Unknown broker session: @${name}`, `The nearest names: ${likely.join(", ")}.`);
}

async function unknown(root: string, id: string): Promise<UsageError> {
  const ids = await sessionIds(root);
  const near = [...ids].sort((a, b) => shared(b, id) - shared(a, id)).slice(0, NEAREST);
  const hint = near.length === 0 ? "There is none yet: codex_broker start." : `The nearest ones: ${near.join(", ")}.`;
  return new UsageError(`Unknown broker session: ${id}`, hint);
}

/** How many characters two ids begin with alike. */
function shared(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Newest first: ids sort by time. */
async function sessionIds(root: string): Promise<readonly string[]> {
  return (await folderNames(root)).filter((id) => hasBegun(join(root, id)));
}

async function folderNames(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    return folders
      .map(({ name }) => name)
      .sort()
      .reverse();
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    if (isErrno(error, "EACCES", "ENOTDIR"))
      throw new UsageError(
        `The sessions' folder cannot be read: ${root} (${error.code}).`,
        "Set ASK_CODEX_HOME or CODEX_BROKER_SESSION_ROOT to a folder of your own.",
      );
    throw error;
  }
}

/** What a `start` leaves that was killed before the session was on the disk is none: nobody has been told of it. */
function hasBegun(folder: string): boolean {
  const { events, state } = sessionPaths(folder);
  try {
    return (statSync(events, { throwIfNoEntry: false })?.size ?? 0) > 0 || existsSync(state);
  } catch (error) {
    // Another user's: who reads it says so.
    if (isErrno(error, "EACCES", "EPERM")) return true;
    throw error;
  }
}

async function isSession(folder: string): Promise<boolean> {
  try {
    return (await lstat(folder)).isDirectory();
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "ENAMETOOLONG")) return false;
    throw error;
  }
}

/** What a session of another user says, and who listens at its socket, is not to be trusted. */
function requireOwn(folder: string): string {
  if (isOwn(folder)) return folder;
  throw new UsageError(`Broker session ${basename(folder)} belongs to another user.`, "Start one of your own.");
}

/** One that is gone by now is nobody's: who reads it says so. */
function isOwn(folder: string): boolean {
  const uid = process.getuid?.();
  return uid === undefined || (lstatSync(folder, { throwIfNoEntry: false })?.uid ?? uid) === uid;
}
