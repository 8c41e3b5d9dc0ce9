import { closeSync } from "node:fs";
import { openPlain } from "./open-plain.ts";
import { writeAll } from "./write-all.ts";

/** Adds to the end of a file of ours, which it makes if it is missing; never waits, whatever is in its place. */
export function appendPlain(path: string, text: string): void {
  const file = openPlain(path, "append");
  try {
    writeAll(file, Buffer.from(text));
  } finally {
    closeSync(file);
  }
}
