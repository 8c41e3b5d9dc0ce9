import { closeSync, fstatSync, readSync } from "node:fs";
import { watch } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { isErrno } from "../../errors.ts";
import { openPlain } from "../../files/open-plain.ts";
import { readPlainBytes, readPlainOr } from "../../files/read-plain.ts";
import { sessionFrom } from "../command/session-place.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { whenUnread, writeOut } from "../edge/stdio.ts";

// The original's `tail -n 50`.
const LAST_LINES = 50;

/** `codex_broker logs`: the end of the activity log, or the whole journal. */
export async function logs(
  id: string | undefined,
  flags: { readonly events: boolean; readonly follow: boolean },
): Promise<number> {
  const paths = sessionPaths(await sessionFrom("logs", id));
  const tail = new Tail(flags.events ? paths.events : paths.activity);
  const before = flags.events ? "" : readPlainOr(`${paths.activity}.1`, "");
  const lines = `${before}${tail.read()}`.split("\n").slice(0, -1);
  const shown = flags.events ? lines : lines.slice(-LAST_LINES);
  writeOut(shown.map((line) => `${line}\n`).join(""));
  if (flags.follow) await follow(tail);
  return 0;
}

/** Until we are interrupted, or no one reads us any more. */
async function follow(tail: Tail): Promise<void> {
  const done = new AbortController();
  cancelOnSignals().addEventListener("abort", () => done.abort());
  whenUnread(() => done.abort());
  // What came between the first look and the watch would lie there until the next change.
  setImmediate(() => writeOut(tail.read()));
  try {
    // The folder: a file that is made anew would be lost sight of.
    for await (const { filename } of watch(dirname(tail.path), { signal: done.signal }))
      if (filename === basename(tail.path)) writeOut(tail.read());
  } catch (error) {
    if (!isErrno(error, "ABORT_ERR")) throw error;
  }
}

/** A file that grows, read from where the last look ended; lines only once they are whole. */
class Tail {
  readonly path: string;
  #at = 0;
  /** Which file that was: one that has grown too long is put aside, and another begun. */
  #file = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  /** What was added to the earlier file before it was put aside. */
  #turn(chunks: Buffer[]): void {
    try {
      chunks.push(readPlainBytes(`${this.path}.1`).subarray(this.#at));
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
    }
    this.#at = 0;
  }

  read(): string {
    const chunks = [this.#rest];
    try {
      const file = openPlain(this.path, "read");
      const { ino } = fstatSync(file);
      if (this.#file !== 0 && this.#file !== ino) this.#turn(chunks);
      this.#file = ino;
      const buffer = Buffer.alloc(65_536);
      for (
        let size = readSync(file, buffer, 0, buffer.length, this.#at);
        size > 0;
        size = readSync(file, buffer, 0, buffer.length, this.#at)
      ) {
        chunks.push(Buffer.from(buffer.subarray(0, size)));
        this.#at += size;
      }
      closeSync(file);
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
    }
    const bytes = Buffer.concat(chunks);
    const end = bytes.lastIndexOf(10) + 1;
    this.#rest = bytes.subarray(end);
    return bytes.subarray(0, end).toString("utf8");
  }
}
