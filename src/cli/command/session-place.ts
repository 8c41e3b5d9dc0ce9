import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { WorkerProgram } from "../../broker/command/launch-worker.ts";
import { findSession } from "../../broker/store/find-session.ts";
import { sessionsRoot } from "../../broker/store/session-paths.ts";
import { UsageError } from "../../errors.ts";
import { callersEnvironment } from "../edge/environment.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";

/** Where the sessions are, as an absolute path. */
export function rootFolder(): string {
  return resolve(currentFolder(), sessionsRoot(process.env, stateFolder()));
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
  return findSession(rootFolder(), id, await here());
}

/** This very program, started again as a worker, with the environment that this command was called with. */
export function workerProgram(): WorkerProgram {
  const args = [...process.execArgv, process.argv[1] ?? "", "__worker"];
  return { program: process.execPath, args, env: { ...callersEnvironment(), ...absolutePlaces() } };
}

/** The worker works in the session's folder: what is told relative to ours would mean something else there. */
function absolutePlaces() {
  const command = process.env["ASK_CODEX_COMMAND"];
  const relative = command !== undefined && /^[^/\s]+\//.test(command);
  return {
    ASK_CODEX_HOME: stateFolder(),
    ...(relative ? { ASK_CODEX_COMMAND: resolve(currentFolder(), command) } : {}),
  };
}
