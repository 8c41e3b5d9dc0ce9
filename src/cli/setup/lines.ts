import { escapeValue } from "../../text/defuse.ts";
import { writeErr } from "../edge/stdio.ts";

/** A sentence for people, on stderr. */
export function tell(sentence: string): void {
  writeErr(`[ask-codex] ${escapeValue(sentence)}\n`);
}
