import { closeSync, fstatSync, ftruncateSync, lstatSync } from "node:fs";
import { openPlain } from "../files/open-plain.ts";
import { writeAll } from "../files/write-all.ts";

export interface OutputCap {
  /** Where this command's output begins. */
  readonly from: number;
  /** In bytes; default: what a disk is hardly filled with. */
  readonly most?: number;
  /** How much of the beginning stays; a launcher's own lines are in it. */
  readonly head?: number;
}

const MOST = 64 * 1024 * 1024;
const HEAD = 1024 * 1024;
// The fastest that a command prints in this time fits on any disk that works are done on.
const LOOK_MS = 250;

/** Keeps what a command appends to a file from growing without end, until it is stopped. */
export function capOutput(path: string, cap: OutputCap): { stop(): void } {
  const timer = setInterval(() => {
    try {
      trimOutput(path, cap);
    } catch {
      // A disk that is full must not tear down a run: the command meets it, too.
      clearInterval(timer);
    }
  }, LOOK_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Cuts the middle out of output that has become too long, and says so there: its beginning stays, and what comes from now on. */
export function trimOutput(path: string, { from, most = MOST, head = HEAD }: OutputCap): void {
  if ((lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) - from <= most) return;
  const file = openPlain(path, "append");
  try {
    const { size } = fstatSync(file);
    // The writer appends: it goes on at the new end.
    ftruncateSync(file, from + head);
    writeAll(file, Buffer.from(`\n[ask_codex: ${size - from - head} bytes of output were left out here]\n`));
  } finally {
    closeSync(file);
  }
}
