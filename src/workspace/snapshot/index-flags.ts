import { statSync } from "node:fs";
import { readPlainBytes } from "../../files/read-plain.ts";

// Some 200,000 files: a fifth of a second of ours, and twice as much of a git and of us who read what it prints.
const LARGEST = 20_000_000;

// The layout of a version 2 or 3 index with SHA-1: https://git-scm.com/docs/index-format
const HEADER = 12;
const MODE_AT = 24;
const FLAGS_AT = 60;
const HASH = 20;
const MODES: ReadonlySet<number> = new Set([0o100644, 0o100755, 0o120000, 0o160000]);
const ASSUMED = 0x8000;
const EXTENDED = 0x4000;
const SKIPPED = 0x4000;
const NAME_LENGTH = 0xfff;

/**
 * Whether an index is of the common form and none of its files is marked as one whose edits are not to be seen. False: there may be
 * one, or the index is big, split, sparse, compressed or of another hash: git can say.
 */
export function marksNothing(index: string): boolean {
  const size = statSync(index, { throwIfNoEntry: false })?.size;
  return size === undefined || (size <= LARGEST && isPlain(readPlainBytes(index)));
}

function isPlain(bytes: Buffer): boolean {
  if (bytes.length < HEADER + HASH || bytes.toString("latin1", 0, 4) !== "DIRC") return false;
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return false;
  const end = bytes.length - HASH;
  let at = HEADER;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    if (at + FLAGS_AT + 2 > end || !MODES.has(wordAt(bytes, at + MODE_AT) * 0x10000 + wordAt(bytes, at + MODE_AT + 2)))
      return false;
    const flags = wordAt(bytes, at + FLAGS_AT);
    const isExtended = (flags & EXTENDED) !== 0;
    if ((flags & ASSUMED) !== 0 || (isExtended && version === 2)) return false;
    if (isExtended && (wordAt(bytes, at + FLAGS_AT + 2) & SKIPPED) !== 0) return false;
    const name = at + FLAGS_AT + (isExtended ? 4 : 2);
    const length = flags & NAME_LENGTH;
    // Only a name that is too long for the field has to be searched for its end.
    const nameEnd = length < NAME_LENGTH ? name + length : bytes.indexOf(0, name + length);
    if (nameEnd < name || bytes[nameEnd] !== 0) return false;
    // One to eight zeros, to a multiple of eight.
    at += (nameEnd - at + 8) & ~7;
  }
  return extensionsArePlain(bytes, at, end);
}

// The methods of a Buffer take several times as long until they are compiled, and most runs are over by then.
function wordAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) * 0x100 + (bytes[at + 1] ?? 0);
}

/** Extensions in capitals may be skipped by a reader that does not know them; the others change what the entries mean. */
function extensionsArePlain(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at + 8 <= end) {
    if (!/^[A-Z]{4}$/.test(bytes.toString("latin1", at, at + 4))) return false;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === end;
}
