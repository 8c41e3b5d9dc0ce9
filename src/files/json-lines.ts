import type { CutJson } from "./cut-strings.ts";

/** Longest line we hold; a longer one is a fault: it is skipped, not stored. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

export interface LineOptions {
  /** In bytes; what is longer is skipped. */
  readonly most?: number;
  /** What makes long lines shorter as they come, and from how many bytes on. */
  readonly shorten?: { readonly from: number; readonly by: () => CutJson };
}

/**
 * Cuts a byte stream into lines. Works on bytes and joins only what belongs to one line, so that neither a 24 MB
 * stream of deltas nor a chunk border inside a character costs anything.
 */
export function lineSplitter(
  onLine: (line: Buffer) => void,
  { most = MAX_LINE_BYTES, shorten }: LineOptions = {},
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let shorter: CutJson | null = null;
  const add = (part: Buffer) => {
    size += part.length;
    if (shorten !== undefined && shorter === null && size > shorten.from) {
      shorter = shorten.by();
      for (const earlier of parts.splice(0)) shorter.push(earlier);
    }
    if (shorter === null) {
      if (size <= most) parts.push(part);
      else parts = [];
    } else {
      shorter.push(part);
      if (shorter.size() <= most) return;
      shorter.end();
      shorter = SKIPPED;
    }
  };
  const end = () => {
    const line = shorter === null ? whole(parts) : shorter.end();
    if ((shorter?.size() ?? size) <= most) onLine(line);
    parts = [];
    size = 0;
    shorter = null;
  };
  return (chunk) => {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at));
      end();
      start = at + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  };
}

function whole(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

const SKIPPED: CutJson = { push: () => {}, size: () => Infinity, end: () => Buffer.alloc(0) };

const NEWLINE = 0x0a;
