import { closeSync, fstatSync, readSync } from "node:fs";
import { AskCodexError } from "../errors.ts";
import { isOurs, othersCanWrite } from "./look.ts";
import { type OpenPlainOptions, openPlain } from "./open-plain.ts";

export interface ReadPlainOptions extends Pick<OpenPlainOptions, "follow"> {
  /** In bytes. */
  readonly limit?: number;
  /** Refuses a file that another user owns or can write. */
  readonly ownOnly?: boolean;
}

// The largest text that one JavaScript string holds is 512 MB; a file of ours comes nowhere near.
const LIMIT = 256 * 1024 * 1024;
const CHUNK = 65_536;

/**
 * The bytes of a plain file. Synchronously: it never waits, and is several times as fast as the thread pool's four steps.
 * @throws NotPlain, NotOurs, a system error, or AskCodexError for a file that is too large
 */
export function readPlainBytes(path: string, options: ReadPlainOptions = {}): Buffer {
  const { follow = false, limit = LIMIT, ownOnly = false } = options;
  const file = openPlain(path, "read", { follow });
  try {
    const stats = fstatSync(file);
    const { size } = stats;
    if (ownOnly && (!isOurs(stats) || othersCanWrite(stats))) throw new NotOurs(path);
    if (size > limit) throw tooLarge(path, size, limit);
    return readWhole(file, size, limit, path);
  } finally {
    closeSync(file);
  }
}

/**
 * What follows the first `size` bytes of a plain file. Those are handed on in parts, which are gone afterwards, and not kept: they may
 * be many. Null: there are fewer.
 */
export function readPlainRest(path: string, size: number, seeFirst: (part: Uint8Array) => void): Buffer | null {
  const file = openPlain(path, "read");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let left = size; left > 0; ) {
      const got = readSync(file, chunk, 0, Math.min(left, CHUNK), null);
      if (got === 0) return null;
      seeFirst(chunk.subarray(0, got));
      left -= got;
    }
    return readWhole(file, CHUNK, LIMIT, path);
  } finally {
    closeSync(file);
  }
}

/** The text of a plain file; see `readPlainBytes`. */
export function readPlain(path: string, options: ReadPlainOptions = {}): string {
  return readPlainBytes(path, options).toString("utf8");
}

/** The text of a plain file, or the given text where it cannot be read for any reason. */
export function readPlainOr<T>(path: string, otherwise: T, options: ReadPlainOptions = {}): string | T {
  try {
    return readPlain(path, options);
  } catch {
    return otherwise;
  }
}

/** The text of a plain file from a byte on; what another program keeps, so a link may lead to it. */
export function readPlainFrom(path: string, from: number): string {
  return readPart(path, () => from, { follow: true }).text;
}

/** The first bytes of a plain file, or those from a byte on. */
export function readPlainStart(path: string, most: number, from = 0): string {
  const file = openPlain(path, "read");
  try {
    const buffer = Buffer.alloc(most);
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, most, from));
  } finally {
    closeSync(file);
  }
}

/** The last bytes of a plain file, and how long it is. */
export function readPlainTail(path: string, most: number): { readonly text: string; readonly size: number } {
  return readPart(path, (size) => Math.max(0, size - most), { follow: false });
}

function readPart(path: string, begin: (size: number) => number, { follow }: { readonly follow: boolean }) {
  const file = openPlain(path, "read", { follow });
  try {
    const { size } = fstatSync(file);
    const from = begin(size);
    if (size - from > LIMIT) throw tooLarge(path, size - from, LIMIT);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const got = readSync(file, buffer, 0, buffer.length, from);
    return { text: buffer.toString("utf8", 0, got), size };
  } finally {
    closeSync(file);
  }
}

/** To its end: it may grow while it is read, and what /proc has says nothing of its size. */
function readWhole(file: number, size: number, limit: number, path: string): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  for (let next = size + 1; ; next = CHUNK) {
    const chunk = Buffer.allocUnsafe(next);
    const got = readSync(file, chunk, 0, next, null);
    if (got === 0) return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    total += got;
    if (total > limit) throw tooLarge(path, total, limit);
    chunks.push(chunk.subarray(0, got));
  }
}

/** Another user owns a file that only we should write, or can write it. */
class NotOurs extends AskCodexError {
  constructor(path: string) {
    super("internal", `${path} belongs to another user, or can be written by one`, {
      hint: "Find out who put it there, and move it away.",
    });
  }
}

function tooLarge(path: string, size: number, limit: number): AskCodexError {
  const message = `${path} is too large to be read: ${size} bytes, ${limit} at most`;
  return new AskCodexError("internal", message, { hint: "Move the file away." });
}
