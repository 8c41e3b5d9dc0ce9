import { closeSync, openSync, writeSync } from "node:fs";
import { PRIVATE_FILE } from "./write-whole.ts";

/** One line of a journal: what happened, when (ISO 8601, milliseconds, UTC). */
export interface JournalEvent {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Journal {
  /** The event is with the operating system when this returns: it outlives this process, however that ends. */
  append(type: string, payload?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** Opens an append-only journal; every event also goes to `copies`, files that the caller asked for. */
export function openJournal(path: string, copies: readonly string[] = []): Journal {
  const files = [path, ...copies].map((file) => openSync(file, "a", PRIVATE_FILE));
  return {
    append(type, payload = {}) {
      const event: JournalEvent = { timestamp: new Date().toISOString(), type, payload };
      // One write a line: O_APPEND keeps lines whole.
      for (const file of files) writeSync(file, `${JSON.stringify(event)}\n`);
    },
    close() {
      for (const file of files.splice(0)) closeSync(file);
    },
  };
}
