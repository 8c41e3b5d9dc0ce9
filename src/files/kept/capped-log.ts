import { closeSync, fstatSync, lstatSync, renameSync } from "node:fs";
import { openPlain } from "../open-plain.ts";
import { writeAll } from "../write-all.ts";

/** A log of another program's words, of which the newest part is kept. */
export interface CappedLog {
  /** Best effort: a full disk must not tear down a turn. */
  write(chunk: Uint8Array): void;
  close(): void;
}

// What explains a failure is the end of it; two files of this size hold a day of Codex's warnings.
const MOST_BYTES = 4_000_000;

/** Opens a log that never grows beyond two files of `most` bytes: what is older is in `PATH.1`, what is older than that is gone. */
export function openCappedLog(path: string, most = MOST_BYTES): CappedLog {
  let file: number | null = openPlain(path, "append");
  let { size } = fstatSync(file);
  const close = () => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    write(chunk) {
      if (file === null) return;
      try {
        if (size > 0 && size + chunk.length > most) {
          close();
          renameSync(path, `${path}.1`);
          file = openPlain(path, "append");
          size = 0;
        }
        writeAll(file, chunk);
        size += chunk.length;
      } catch {
        close();
      }
    },
    close,
  };
}

/** Begins a log anew, for who writes to its descriptor, when it has become as long as one file of such a log may be. */
export function rotate(path: string, most = MOST_BYTES): void {
  const { size = 0 } = lstatSync(path, { throwIfNoEntry: false }) ?? {};
  if (size >= most) renameSync(path, `${path}.1`);
}

/** Adds a text to such a log of which no one keeps the descriptor. */
export function appendCapped(path: string, text: string, most = MOST_BYTES): void {
  const log = openCappedLog(path, most);
  log.write(Buffer.from(text));
  log.close();
}
