import { resolve } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { stateHome } from "../../files/state-paths.ts";
import { homeFolder } from "./home.ts";

/** @throws UsageError when the folder we were called in is gone */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new UsageError(`The current folder cannot be told (${messageOf(error)}).`, "Change to a folder that exists.");
  }
}

/**
 * Absolute: git and Codex work in other folders than we do.
 * @throws UsageError when it would be below a home folder, and there is none
 */
export function stateFolder(): string {
  const state = stateHome(process.env, homeFolder());
  if (state === null)
    throw new UsageError(
      "There is no home folder to keep state in.",
      "Set HOME or ASK_CODEX_HOME to a folder of yours.",
    );
  return resolve(currentFolder(), state);
}
