import { escapeValue } from "../../text/defuse.ts";

/** A sentence for whoever looks on, on stderr. */
export function tell(sentence: string): void {
  process.stderr.write(`[ask-codex] ${escapeValue(sentence)}\n`);
}
