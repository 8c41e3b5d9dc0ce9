import { resolve } from "node:path";
import { callersEnvironment } from "./environment.ts";
import { currentFolder, statePath } from "./folders.ts";

/** This very program, started again as a worker, with the environment that this command was called with. */
export function workerProgram() {
  const args = [...process.execArgv, process.argv[1] ?? "", "__worker"];
  return { program: process.execPath, args, env: { ...callersEnvironment(), ...absolutePlaces() } };
}

/** The Node that runs us. */
export function ownNode() {
  return { version: process.versions.node, path: process.execPath };
}

/** The worker works in the session's folder: a path relative to ours would mean something else there. */
function absolutePlaces() {
  const command = process.env["ASK_CODEX_COMMAND"];
  const relative = command !== undefined && /^[^/\s]+\//.test(command);
  return {
    ASK_CODEX_HOME: statePath(),
    ...(relative ? { ASK_CODEX_COMMAND: resolve(currentFolder(), command) } : {}),
  };
}
