import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { AskCodexError } from "../../errors.ts";
import type { QueueKey } from "./queue-key.ts";

/** What a sealed text is for: it opens only as what it was sealed as. */
export interface Label {
  /** `offer`, `answer`, `note`, `files`, `journal`, `patch`. */
  readonly kind: string;
  readonly batch: string;
  /** The attempt, the sequence number or the name that it belongs to. */
  readonly of: string;
}

/** Something on the queue was not sealed with our key, or not as what it is offered for. */
export class NotSealed extends AskCodexError {
  constructor({ kind, batch, of }: Label, cause?: unknown) {
    super("queue", `the ${kind} ${of} of batch ${batch} is not sealed with this key`, { cause });
  }
}

const VERSION = 1;
const IV = 12;
const TAG = 16;

/** The largest text that is opened, in bytes: a small sealed one could unpack to more than a machine has. */
const LARGEST = 256 * 1024 * 1024;

/**
 * Encrypts and signs bytes (AES-256-GCM) together with what they are for, so that a copy put in another place does not open there.
 * Layout: version, 12 bytes of nonce, 16 of tag, the deflated bytes.
 */
export function seal(key: QueueKey, label: Label, plain: Uint8Array): Buffer {
  const nonce = randomBytes(IV);
  const cipher = createCipheriv("aes-256-gcm", key.secret, nonce).setAAD(bytesOf(label));
  const sealed = Buffer.concat([cipher.update(deflateRawSync(plain, { level: 1 })), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]);
}

/** @throws NotSealed for anything that `seal` did not make with this key and label; an AskCodexError over `limit` bytes. */
export function unseal(key: QueueKey, label: Label, sealed: Uint8Array, limit: number = LARGEST): Buffer {
  return inflate(label, opened(key, label, Buffer.from(sealed)), limit);
}

function opened(key: QueueKey, label: Label, bytes: Buffer): Buffer {
  if (bytes.length < 1 + IV + TAG || bytes[0] !== VERSION) throw new NotSealed(label);
  const decipher = createDecipheriv("aes-256-gcm", key.secret, bytes.subarray(1, 1 + IV), { authTagLength: TAG });
  decipher.setAAD(bytesOf(label)).setAuthTag(bytes.subarray(1 + IV, 1 + IV + TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + IV + TAG)), decipher.final()]);
  } catch (cause) {
    throw new NotSealed(label, cause);
  }
}

function inflate(label: Label, packed: Buffer, limit: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: limit });
  } catch (cause) {
    throw tooLarge(label, limit, cause);
  }
}

export function tooLarge({ kind, batch, of }: Label, limit: number, cause?: unknown): AskCodexError {
  return new AskCodexError("usage", `the ${kind} ${of} of batch ${batch} is larger than ${limit} bytes`, { cause });
}

function bytesOf({ kind, batch, of }: Label): Buffer {
  return Buffer.from(JSON.stringify([VERSION, kind, batch, of]));
}
