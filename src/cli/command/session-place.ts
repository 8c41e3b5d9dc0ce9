import { realpath } from "node:fs/promises";
import { basename } from "node:path";
import { findSession, namesake, onlySession } from "../../broker/store/find-session.ts";
import { foldersIn } from "../../broker/store/session-paths.ts";
import { UsageError } from "../../errors.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { currentFolder, rootFolder } from "../edge/folders.ts";

/** The folder whose work tree names are looked up in. */
export async function here(): Promise<string> {
  return realpath(currentFolder());
}

/**
 * The folder of the session that a command names; without an id, the one session of this work tree.
 * @throws UsageError in the original's words when it names none
 */
export async function sessionFrom(command: string, id: string | undefined): Promise<string> {
  const root = rootFolder();
  const inTree = sameTreeAs(await here());
  if (id === undefined) return onlySession(root, inTree, `${command} requires a broker id.`);
  if (id === "") throw new UsageError(`${command} requires a broker id.`, `See codex_broker ${command} --help.`);
  return findSession(root, id, inTree);
}

/** Whether its name means this session here: another work tree, or a newer one of that name, would be missed. */
export async function isNamed({ name, broker_id }: { readonly name: string | null; readonly broker_id: string }) {
  if (name === null) return false;
  const newest = await namesake(rootFolder(), name, { inTree: sameTreeAs(await here()), but: "" });
  return newest !== null && basename(newest) === broker_id;
}

interface Said {
  readonly folder: string;
  readonly text: string | undefined;
}

/**
 * The session and the text of a command that takes both. One word or text alone, which means no session, is the text for the one session
 * of this work tree; `elsewhere`: the text comes in another way.
 * @throws UsageError also for what may be a mistyped id or a name without its `@`: neither may become a message
 */
export async function sessionAndText(
  command: string,
  [id, argument]: readonly [id: string | undefined, argument: string | undefined],
  elsewhere: boolean,
): Promise<Said> {
  if (id === undefined || argument !== undefined || elsewhere || mayBeId(id))
    return { folder: await sessionFrom(command, id), text: argument };
  const [root, inTree, missing] = [rootFolder(), sameTreeAs(await here()), `Unknown broker session: ${id}`];
  const folder = await onlySession(root, inTree, missing);
  if ((await namesake(root, id, { inTree, but: "" })) !== null)
    throw new UsageError(missing, `The session of that name is @${id}; a text goes with --task.`);
  return { folder, text: id };
}

/** Ids begin with a date, and are one word. */
function mayBeId(word: string): boolean {
  if (word === "" || word.startsWith("@") || /^\d[\w-]*$/.test(word)) return true;
  return foldersIn(rootFolder()).some((folder) => basename(folder).startsWith(word));
}
