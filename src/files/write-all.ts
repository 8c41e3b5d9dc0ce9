import { writeSync } from "node:fs";

/** Writes all of it: a disk that fills up takes a part without a word, and refuses the rest. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
}
