import { jsonTextDecoder } from "./json-text.ts";

/** Where the whole of a string goes that is too long to be held, and what stands in for the rest of it. */
export interface LongString {
  /** The next bytes of the string, as text in UTF-8. */
  write(text: Buffer): void;
  /** The string is over. Returns what is put where it was cut. */
  end(): string;
}

export interface CutOptions {
  /** How many bytes of a string are held. */
  readonly most: number;
  /** A string is longer than that. */
  readonly open: () => LongString;
}

/** JSON of any size, held without the ends of its long strings. */
export interface CutJson {
  push(chunk: Buffer): void;
  /** How many bytes are held so far. */
  size(): number;
  /** The JSON that is left. */
  end(): Buffer;
}

const [QUOTE, BACKSLASH, LETTER_U] = [0x22, 0x5c, 0x75];

/** Takes JSON in chunks as it comes, and cuts its long strings before they take any memory. */
export function cutStrings({ most, open }: CutOptions): CutJson {
  const kept: Buffer[] = [];
  let size = 0;
  let inString = false;
  /** How many bytes still belong to an escape: 1 after the backslash, then 4 of `\uXXXX`. */
  let escaped = 0;
  /** Bytes of the string so far, and what of it is held, in case it gets too long. */
  let length = 0;
  let held: Buffer[] = [];
  let long: LongString | null = null;
  let decode = jsonTextDecoder();

  const cut = () => {
    long = open();
    decode = jsonTextDecoder();
    for (const part of held) long.write(decode(part));
    held = [];
  };
  const keep = (part: Buffer) => {
    kept.push(part);
    size += part.length;
  };
  const take = (part: Buffer) => {
    if (part.length === 0) return;
    if (long !== null) return long.write(decode(part));
    keep(part);
    if (inString) held.push(part);
  };
  const close = (): void => {
    if (long !== null) keep(Buffer.from(JSON.stringify(long.end()).slice(1, -1)));
    long = null;
    held = [];
    inString = false;
  };
  return {
    push(chunk) {
      let start = 0;
      const upTo = (end: number) => {
        take(chunk.subarray(start, end));
        start = end;
      };
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] as number;
        if (!inString) {
          if (byte !== QUOTE) continue;
          upTo(at + 1);
          inString = true;
          length = 0;
          continue;
        }
        if (escaped > 0) escaped = escaped === 1 && byte === LETTER_U ? 4 : escaped - 1;
        else if (byte === QUOTE) {
          upTo(at);
          close();
          continue;
        } else {
          // Only between two characters.
          if (length >= most && long === null && (byte & 0xc0) !== 0x80) {
            upTo(at);
            cut();
          }
          if (byte === BACKSLASH) escaped = 1;
        }
        length++;
      }
      upTo(chunk.length);
    },
    size: () => size,
    end() {
      // Cut off in the middle of a string: it is not JSON, but what was opened is closed.
      if (long !== null) close();
      return Buffer.concat(kept);
    },
  };
}
