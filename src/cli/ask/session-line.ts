import type { ThreadRecord } from "../../ask/model/thread-record.ts";
import { escapeValue } from "../../text/defuse.ts";

// What a person reads, or a model.
export const MOST_LISTED = 50;

/** A session in one line of `ask_codex sessions`. */
export function sessionLine({ thread_id, name, last_status, updated_at, title, workspace }: ThreadRecord): string {
  const fields = [thread_id, name === null ? "-" : `@${name}`, last_status, updated_at, escapeValue(workspace), title];
  return `${fields.join("\t")}\n`;
}
