import { hkdfSync, randomBytes } from "node:crypto";
import { closeSync, fstatSync } from "node:fs";
import { isErrno, UsageError } from "../../errors.ts";
import { NotPlain, openPlain } from "../../files/open-plain.ts";
import { readPlain } from "../../files/read-plain.ts";
import { realPlace } from "../../files/real-place.ts";
import { createAt } from "../../files/write-place.ts";

/** What the coordinator of a batch and its workers share, and the queue's server never sees. */
export interface QueueKey {
  /** 32 bytes for AES-256-GCM. */
  readonly secret: Buffer;
  /** 16 hex digits that name the key on the queue without giving it away. */
  readonly name: string;
}

const FORM = /^ask-codex-queue-key-1 ([A-Za-z0-9+/]{43}=)\n?$/;

const BYTES = 32;

/**
 * Writes a new key to `path`, for its owner only. An existing file is never replaced: what is under way with it would be lost.
 * @throws UsageError when the file is there already, or cannot be one; a system error when it cannot be written
 */
export function makeQueueKey(path: string): QueueKey {
  const bytes = randomBytes(BYTES);
  try {
    createAt(realPlace(path), `ask-codex-queue-key-1 ${bytes.toString("base64")}\n`);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    throw alreadyThere(path);
  }
  return derived(bytes);
}

/**
 * The key in a file of `makeQueueKey`; a link may lead to it, as secrets are often mounted.
 * @throws UsageError when there is no such file, others may read it, or it holds something else
 */
export function readQueueKey(path: string): QueueKey {
  requirePrivate(path);
  const found = FORM.exec(readPlain(path, { limit: 1024, follow: true }));
  if (found?.[1] === undefined) throw new UsageError(`${path} is not a queue key.`, MAKE_ONE);
  return derived(Buffer.from(found[1], "base64"));
}

const MAKE_ONE = "Make one with `ask-codex worker --new-key FILE`, and copy it to each machine.";

function alreadyThere(path: string): UsageError {
  return new UsageError(
    `${path} is there already: a key is not replaced.`,
    "Name another file, or move this one away.",
  );
}

function requirePrivate(path: string): void {
  const file = openExisting(path);
  try {
    const { mode, uid } = fstatSync(file);
    if ((mode & 0o077) !== 0) throw new UsageError(`Others may read the queue key ${path}.`, `Run: chmod 600 ${path}`);
    const me = process.getuid?.();
    if (me !== undefined && uid !== me)
      throw new UsageError(`The queue key ${path} belongs to another user.`, MAKE_ONE);
  } finally {
    closeSync(file);
  }
}

function openExisting(path: string): number {
  try {
    return openPlain(path, "read", { follow: true });
  } catch (error) {
    if (error instanceof NotPlain) throw new UsageError(`${error.message}: it is not a queue key.`, MAKE_ONE);
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
    throw new UsageError(`There is no queue key at ${path}.`, MAKE_ONE);
  }
}

function derived(bytes: Buffer): QueueKey {
  const of = (use: string, length: number) =>
    Buffer.from(hkdfSync("sha256", bytes, "", `ask-codex queue ${use}`, length));
  return { secret: of("secret", BYTES), name: of("name", 8).toString("hex") };
}
