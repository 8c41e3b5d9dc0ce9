import { closeSync, fdatasyncSync, fstatSync, readSync } from "node:fs";
import { openPlain } from "./open-plain.ts";
import { readPlainBytes } from "./read-plain.ts";
import { writeAll } from "./write-all.ts";
import { openToAppendAt } from "./write-place.ts";

/** One line of a journal: what happened, when (ISO 8601, milliseconds, UTC). */
interface JournalEvent {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Journal {
  /** From now on every event also goes to this file of the user's (a real path), those from before first. */
  copyTo(path: string): void;
  /** The event is with the operating system when this returns: it outlives this process, however that ends. */
  append(type: string, payload?: Readonly<Record<string, unknown>>): JournalEvent;
  /** In bytes. */
  size(): number;
  close(): void;
}

/** Opens an append-only journal. A durable one is on the disk when `append` returns: it outlives the machine as well. */
export function openJournal(path: string, { durable = false } = {}): Journal {
  const files = [openPlain(path, "append")];
  let torn = files.some(endsTorn);
  let size = files.reduce((sum, file) => sum + fstatSync(file).size, 0);
  return {
    copyTo(copy) {
      const file = openToAppendAt(copy);
      files.push(file);
      writeAll(file, readPlainBytes(path));
    },
    append(type, payload = {}) {
      const event: JournalEvent = { timestamp: new Date().toISOString(), type, payload };
      // One write a line, as long as the disk has room: O_APPEND keeps lines whole. What was cut off stays a line of its own.
      const line = Buffer.from(`${torn ? "\n" : ""}${JSON.stringify(event)}\n`);
      torn = true;
      for (const file of files) writeAll(file, line);
      torn = false;
      size += line.length;
      if (durable) files.forEach(fdatasyncSync);
      return event;
    },
    size: () => size,
    close() {
      for (const file of files.splice(0)) closeSync(file);
    },
  };
}

/** The last line was cut off: by a full disk, or by a machine that lost its power. */
export function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 10;
}
