import { presetOption } from "../command/parse-command.ts";

/** What `[id]` may be. */
export const ID = "the session: its id, a beginning that only it has, or @name in this workspace";

/** How long one `wait` takes when nobody says: well within the time that Claude Code gives a command. */
export const WAIT_SLICE = 100;

export function waitOption() {
  return presetOption("--wait [time]", `then wait as codex_broker wait does (default: ${WAIT_SLICE})`, WAIT_SLICE);
}
