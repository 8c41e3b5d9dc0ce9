import { closeSync } from "node:fs";
import { join } from "node:path";
import { type CutJson, cutStrings, type LongString } from "../files/cut-strings.ts";
import { openPlain } from "../files/open-plain.ts";
import { writeAll } from "../files/write-all.ts";

// No one reads a longer answer, and each copy of it would cost its size several times over.
const MOST_BYTES = 4_000_000;
// Together, for one server: a disk is not filled with what no one has asked for.
const MOST_ON_DISK = 1_000_000_000;

/** Texts of Codex's that are too long to be held: the whole text goes to a file in `folder`, and `warn` gets a line about it. */
export function longTexts(folder: string, warn: (message: string) => void, most = MOST_BYTES) {
  let count = 0;
  let room = MOST_ON_DISK;
  const open = (): LongString => {
    const path = join(folder, `long-text-${++count}.txt`);
    let bytes = 0;
    let file = attempt(() => openPlain(path, "new"));
    const close = () => {
      if (file !== null) closeSync(file);
      file = null;
    };
    return {
      write(text) {
        bytes += text.length;
        room -= text.length;
        const open = file;
        if (open !== null && (room < 0 || attempt(() => writeAll(open, text) ?? true) === null)) close();
      },
      end() {
        const whole = file === null ? "it could not be kept whole" : `the whole text: ${path}`;
        close();
        const size = `${megabytes(most)} of ${megabytes(bytes)}`;
        warn(`A text of Codex's is too long and was cut after ${size}; ${whole}`);
        return `\n[… cut after ${size}; ${whole}]`;
      },
    };
  };
  return { from: most, by: (): CutJson => cutStrings({ most, open }) };
}

/** A full disk must not tear down a turn. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
