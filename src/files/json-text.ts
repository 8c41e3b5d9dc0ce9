/** The inside of a JSON string, in chunks, as text in UTF-8. What is not text (half of a pair) becomes U+FFFD. */
export function jsonTextDecoder(): (chunk: Buffer) => Buffer {
  let pending = "";
  let high = "";
  return (chunk) => {
    // Most of a long text: nothing to be decoded, and nothing to be copied.
    if (pending === "" && high === "" && !chunk.includes(BACKSLASH)) return chunk;
    // Never longer than what it was escaped as, but for what an earlier chunk has left over.
    const text = Buffer.allocUnsafe(chunk.length + 16);
    let size = 0;
    const flushHigh = () => {
      if (high !== "") size += text.write("\ufffd", size);
      high = "";
    };
    const unit = (code: number) => {
      const character = String.fromCharCode(code);
      if (code >= 0xd800 && code < 0xdc00) {
        flushHigh();
        high = character;
      } else if (code >= 0xdc00 && code < 0xe000 && high !== "") {
        size += text.write(high + character, size);
        high = "";
      } else {
        flushHigh();
        size += text.write(character, size);
      }
    };
    for (const byte of chunk) {
      if (pending === "" && byte !== BACKSLASH) {
        flushHigh();
        text[size++] = byte;
        continue;
      }
      pending += String.fromCharCode(byte);
      const kind = pending[1];
      if (kind === undefined || (kind === "u" && pending.length < 6)) continue;
      if (kind === "u") unit(Number.parseInt(pending.slice(2), 16));
      else {
        flushHigh();
        text[size++] = SHORT[kind] ?? kind.charCodeAt(0);
      }
      pending = "";
    }
    return text.subarray(0, size);
  };
}

const BACKSLASH = 0x5c;
const SHORT: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9 };
