import { lstat } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod/mini";
import { isErrno, UsageError } from "../../errors.ts";
import { parseJsonLine } from "../../files/json-line.ts";
import { remember } from "../../files/kept/remembered.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { stateFault } from "../../files/state-fault.ts";
import { nearest } from "../../text/nearest.ts";
import type { InTree } from "../../workspace/git/same-tree.ts";
import { foldersIn, hasBegun, isOwn, isSession, sessionFile, sessionFolders } from "./session-paths.ts";
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
    if (await isFolder(whole)) return requireOwn(whole);
    const found = foldersIn(root).filter((folder) => basename(folder).startsWith(id) && hasBegun(folder));
    const [one, another] = found;
    if (one !== undefined && another === undefined) return requireOwn(one);
    if (one !== undefined) {
      const some = found.slice(0, NEAREST).map((folder) => basename(folder));
      throw new UsageError(`Several broker sessions begin with ${id}: ${some.join(", ")}`, "Give more of the id.");
    }
  }
  throw await unknown(root, id);
}

/**
 * Where sessions were started, which never changes: with it a listing opens only the sessions that it is about. `of` is null for one
 * whose state cannot be read; `save` gets the number of folders.
 */
export function startedIn(root: string) {
  const facts = remember(join(root, ".places.log"), (id) => {
    const text = readPlainOr(sessionFile(join(root, id), "state"), "");
    return parseJsonLine(text, started)?.started_in ?? null;
  });
  return {
    of: (folder: string) => facts.of({ name: basename(folder), stamp: "" }),
    save: (there: number) => facts.save(there),
  };
}

const started = z.object({ started_in: z.string() });

// Enough to help, and they fit in a line.
const NEAREST = 3;

/**
 * The one session of the work tree: what a command without an id is about.
 * @throws UsageError when there is none, or several: it names them
 */
export async function onlySession(root: string, inTree: InTree, missing: string): Promise<string> {
  const folders = foldersIn(root);
  const places = startedIn(root);
  const here: string[] = [];
  for (const folder of folders) {
    const place = places.of(folder);
    if (place !== null && (await inTree(place)) && isSession(folder)) here.push(folder);
  }
  await places.save(folders.length);
  const [one, another] = here;
  if (one !== undefined && another === undefined) return requireOwn(one);
  if (one === undefined) throw new UsageError(missing, "This work tree has no session: codex_broker start.");
  const names: string[] = [];
  for await (const { folder, name } of known(here.slice(0, NEAREST)))
    names.push(name === null ? basename(folder) : `@${name}`);
  const more = here.length > NEAREST ? ", …" : "";
  throw new UsageError(missing, `This work tree has ${here.length}: ${[...new Set(names)].join(", ")}${more}`);
}

interface Known {
  readonly name: string | null;
  readonly startedIn: string;
}

/** The sessions whose state can be read, one after the other. */
async function* known(folders: readonly string[]): AsyncGenerator<Known & { readonly folder: string }> {
  for (const folder of folders) {
    const file = await readStateFile(sessionFile(folder, "state")).catch(() => null);
    if (file?.type === "valid") yield { folder, name: file.value.name, startedIn: file.value.started_in };
  }
}

async function byName(root: string, name: string, inTree: InTree): Promise<string> {
  const names = new Set<string>();
  let elsewhere: string | null = null;
  for await (const session of known(await sessionFolders(root))) {
    if (session.name === null) continue;
    const isHere = await inTree(session.startedIn);
    if (isHere && session.name === name) return requireOwn(session.folder);
    if (isHere) names.add(session.name);
    else if (session.name === name) elsewhere ??= basename(session.folder);
  }
  const likely = [...new Set([...nearest(name, [...names]), ...names])].slice(0, NEAREST).map((one) => `@${one}`);
  if (elsewhere !== null)
    throw new UsageError(`Unknown broker session: @${name}`, `Another work tree has one: ${elsewhere}`);
  if (likely.length === 0) throw await unknown(root, `@${name}`);
  throw new UsageError(`Unknown broker session: @${name}`, `The nearest names: ${likely.join(", ")}.`);
}

/** The newest session of that name in a work tree, beside the one in `but`; null: there is none. */
export async function namesake(
  root: string,
  name: string,
  { inTree, but }: { readonly inTree: InTree; readonly but: string },
): Promise<string | null> {
  for await (const session of known(await sessionFolders(root)))
    if (session.name === name && session.folder !== but && (await inTree(session.startedIn))) return session.folder;
  return null;
}

async function unknown(root: string, id: string): Promise<UsageError> {
  const likely = [...foldersIn(root)].sort((a, b) => shared(basename(b), id) - shared(basename(a), id));
  const near: string[] = [];
  for (const folder of likely) {
    if (near.length === NEAREST) break;
    if (hasBegun(folder)) near.push(basename(folder));
  }
  const hint = near.length === 0 ? "There is none yet: codex_broker start." : `The nearest ones: ${near.join(", ")}.`;
  return new UsageError(`Unknown broker session: ${id}`, hint);
}

/** How many characters two ids begin with alike. */
function shared(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await lstat(folder)).isDirectory();
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "ENAMETOOLONG")) return false;
    throw error;
  }
}

/** What a session says that another user has or could write, and who listens at its socket, is not to be trusted. */
function requireOwn(folder: string): string {
  if (!isOwn(folder))
    throw new UsageError(`Broker session ${basename(folder)} belongs to another user.`, "Start one of your own.");
  const fault = stateFault(folder);
  if (fault === null) return folder;
  throw new UsageError(`Broker session ${basename(folder)} cannot be trusted: ${fault}.`, "Start another one.");
}
