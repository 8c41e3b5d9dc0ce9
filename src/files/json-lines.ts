/** Longest message we hold. Codex caps a command's output at 1 MB, so a longer line is a fault; it is skipped, not stored. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/**
 * Cuts a byte stream into lines. Works on bytes and joins only what belongs to one line, so that neither a 24 MB
 * stream of deltas nor a chunk border inside a character costs anything.
 */
export function lineSplitter(onLine: (line: Buffer) => void, most: number = MAX_LINE_BYTES): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const tail = chunk.subarray(start, end);
      if (size <= most) onLine(parts.length === 0 ? tail : Buffer.concat([...parts, tail]));
      parts = [];
      size = 0;
      start = end + 1;
    }
    if (start === chunk.length) return;
    size += chunk.length - start;
    if (size <= most) parts.push(chunk.subarray(start));
    else parts = [];
  };
}

const NEWLINE = 0x0a;
