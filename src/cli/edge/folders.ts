import { homedir } from "node:os";
import { resolve } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { stateHome } from "../../files/state-paths.ts";

/** @throws UsageError when the folder we were called in is gone */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new UsageError(`The current folder cannot be told (${messageOf(error)}).`, "Change to a folder that exists.");
  }
}

/** Absolute: git and Codex work in other folders than we do. */
export function stateFolder(): string {
  return resolve(currentFolder(), stateHome(process.env, homedir()));
}
