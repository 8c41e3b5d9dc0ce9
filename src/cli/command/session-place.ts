import { realpath } from "node:fs/promises";
import { findSession, onlySession } from "../../broker/store/find-session.ts";
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
