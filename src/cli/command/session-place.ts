import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { findSession } from "../../broker/store/find-session.ts";
import { sessionsRoot } from "../../broker/store/session-paths.ts";
import { UsageError } from "../../errors.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { requireTrusted } from "../edge/output-path.ts";

/** Where the sessions are, as an absolute path. */
export function rootFolder(): string {
  return resolve(currentFolder(), sessionsRoot(ownEnvironment(), stateFolder()));
}

/** The workspace that names are looked up in. */
export async function here(): Promise<string> {
  return realpath(currentFolder());
}

/**
 * The folder of the session that a command names.
 * @throws UsageError in the original's words when it names none
 */
export async function sessionFrom(command: string, id: string | undefined): Promise<string> {
  if (id === undefined || id === "")
    throw new UsageError(`${command} requires a broker id.`, `See codex_broker ${command} --help.`);
  const root = rootFolder();
  requireTrusted(root);
  return findSession(root, id, await here());
}
