import { createHash } from "node:crypto";
import type { StagedEntry } from "../git/read-status.ts";

// The layout of a version 2 index: https://git-scm.com/docs/index-format
const HEADER = 12;
const MODE_AT = 24;
const ID_AT = 40;
const EXTENDED = 0x4000;
const NAME_LENGTH = 0xfff;
const HASHES = { sha1: 20, sha256: 32 } as const;

/** The hash that ids of this length are of. */
export function hashOfId(id: string): keyof typeof HASHES {
  return id.length === 2 * HASHES.sha256 ? "sha256" : "sha1";
}

/** An index file of these entries. Of no file the size and the times are in it, so that git reads each of them. */
export function indexFile(entries: readonly StagedEntry[]): Buffer {
  const header = Buffer.from("DIRC\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(entries.length, 8);
  const content = Buffer.concat([header, ...[...entries].sort(byNameAndStage).map(entryBytes)]);
  const hash = createHash(hashOfId(entries[0]?.id ?? ""))
    .update(content)
    .digest();
  return Buffer.concat([content, hash]);
}

/** The entries without a conflict of an index file that git made of such a one. */
export function entriesOf(bytes: Buffer): StagedEntry[] {
  const hash = (["sha1", "sha256"] as const).find((name) => isSealedBy(bytes, name));
  const version = bytes.readUInt32BE(4);
  if (hash === undefined || version !== 2) throw new Error("git wrote an index of a form that it was not asked for");
  const entries: StagedEntry[] = [];
  const flagsAt = ID_AT + HASHES[hash];
  let at = HEADER;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const flags = bytes.readUInt16BE(at + flagsAt);
    const nameAt = at + flagsAt + 2;
    const nameEnd = bytes.indexOf(0, nameAt);
    const mode = bytes.readUInt32BE(at + MODE_AT).toString(8);
    const id = bytes.toString("hex", at + ID_AT, at + flagsAt);
    const name = bytes.toString("latin1", nameAt, nameEnd);
    if ((flags & EXTENDED) !== 0) throw new Error(`git marked ${name} in an index of ours`);
    entries.push({ mode, id, name, stage: (flags >> 12) & 3 });
    // One to eight zeros, to a multiple of eight.
    at += (nameEnd - at + 8) & ~7;
  }
  return entries;
}

function entryBytes({ mode, id, name, stage }: StagedEntry): Buffer {
  const fixed = ID_AT + id.length / 2 + 2;
  const bytes = Buffer.alloc((fixed + name.length + 8) & ~7);
  bytes.writeUInt32BE(Number.parseInt(mode, 8), MODE_AT);
  bytes.write(id, ID_AT, "hex");
  bytes.writeUInt16BE((stage << 12) | Math.min(name.length, NAME_LENGTH), fixed - 2);
  bytes.write(name, fixed, "latin1");
  return bytes;
}

function isSealedBy(bytes: Buffer, hash: keyof typeof HASHES): boolean {
  const end = bytes.length - HASHES[hash];
  return createHash(hash).update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end));
}

function byNameAndStage(one: StagedEntry, other: StagedEntry): number {
  return one.name === other.name ? one.stage - other.stage : one.name < other.name ? -1 : 1;
}
