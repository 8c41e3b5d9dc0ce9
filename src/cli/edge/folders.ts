import { resolve } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { sessionsRoot, stateHome } from "../../files/state-paths.ts";
import { homeFolder } from "./home.ts";
import { requireTrusted } from "./trusted.ts";

/** @throws UsageError when the folder we were called in is gone */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new UsageError(
      `The current folder cannot be determined (${messageOf(error)}).`,
      "Change to a folder that exists.",
    );
  }
}

/**
 * The state folder, absolute: git and Codex work in other folders than we do.
 * @throws UsageError when another user could write what lies there; when it would be below a home folder, and there is none
 */
export function stateFolder(): string {
  const state = statePath();
  requireTrusted(state);
  return state;
}

/** Where the sessions are. @throws UsageError as `stateFolder` */
export function rootFolder(): string {
  const root = sessionsPath();
  requireTrusted(root);
  return root;
}

/** The state folder as it is set, for what trusts nothing in it: a look at it, and the rules for it. @throws UsageError without a home folder */
export function statePath(): string {
  const state = stateHome(process.env, homeFolder());
  if (state === null)
    throw new UsageError(
      "There is no home folder to keep state in.",
      "Set HOME or ASK_CODEX_HOME to a folder of yours.",
    );
  return resolve(currentFolder(), state);
}

/** Where the sessions are, for the same. */
export function sessionsPath(): string {
  return resolve(currentFolder(), sessionsRoot(process.env, statePath()));
}

/** Both, for what only has to keep out of them; none without a home folder. */
export function ownFolders(): readonly string[] {
  const state = stateHome(process.env, homeFolder());
  return state === null ? [] : [statePath(), sessionsPath()];
}
