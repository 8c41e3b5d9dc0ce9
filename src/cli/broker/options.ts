import { presetOption } from "../command/parse-command.ts";
import { WAIT_SLICE } from "./wait-slice.ts";

/** What `[id]` may be. */
export const ID = "the session: its id, a beginning that only it has, or @name in this work tree";

export function waitOption() {
  return presetOption("--wait [time]", `then wait as codex_broker wait does (default: ${WAIT_SLICE})`, WAIT_SLICE);
}
