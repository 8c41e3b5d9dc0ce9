import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { PRIVATE_FILE } from "./write-whole.ts";

/** One line of a journal: what happened, when (ISO 8601, milliseconds, UTC). */
export interface JournalEvent {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Journal {
  /** From now on every event also goes to this file, those from before first. */
  copyTo(path: string): void;
  /** The event is with the operating system when this returns: it outlives this process, however that ends. */
  append(type: string, payload?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** Opens an append-only journal. */
export function openJournal(path: string): Journal {
  const files = [openSync(path, "a", PRIVATE_FILE)];
  return {
    copyTo(copy) {
      const file = openSync(copy, "a", PRIVATE_FILE);
      files.push(file);
      writeAll(file, readFileSync(path));
    },
    append(type, payload = {}) {
      const event: JournalEvent = { timestamp: new Date().toISOString(), type, payload };
      // One write a line, as long as the disk has room: O_APPEND keeps lines whole.
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      for (const file of files) writeAll(file, line);
    },
    close() {
      for (const file of files.splice(0)) closeSync(file);
    },
  };
}

/** A disk that fills up takes a part without a word, and refuses the rest. */
function writeAll(file: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
}
