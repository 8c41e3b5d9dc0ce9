import { isErrno } from "../../errors.ts";
import { appendPlain } from "../append-plain.ts";
import { parseJson } from "../json-line.ts";
import { NotPlain } from "../open-plain.ts";
import { readPlainOr } from "../read-plain.ts";
import { writeWhole } from "../write-whole.ts";

/** A file or folder as it is now. */
export interface Entry {
  readonly name: string;
  /** Differs whenever what is remembered of it may differ; the same text always for what never does. */
  readonly stamp: string;
}

export interface Remembered {
  /** What was read of this very entry, now or earlier; null: it cannot be read, which is not remembered. */
  of(entry: Entry): string | null;
  /** Keeps what was read anew; `there` is how many entries there are. Best effort: without it the next one reads again. */
  save(there: number): Promise<void>;
}

// What is gone or has changed since may take as much room as what there is, and this many lines.
const MOST_STALE = 1_000;

/**
 * One fact of each of many files, kept in one file beside them: of 20,000 records a listing then opens the few that it is about. It
 * cannot be wrong: a fact counts only for the entry that it was read of, and what there is comes from the folder itself.
 */
export function remember(path: string, read: (name: string) => string | null): Remembered {
  const text = readPlainOr(path, "");
  const known = new Map<string, string>();
  let lines = 0;
  for (const line of text.split("\n")) {
    const end = line.indexOf("\t");
    if (end > 0) known.set(line.slice(0, end), line.slice(end + 1));
    lines++;
  }
  const asked = new Map<string, string>();
  const fresh: string[] = [];
  return {
    of({ name, stamp }) {
      const before = known.get(name);
      const told = before === undefined ? null : valueIn(before, stamp);
      const value = told ?? read(name);
      if (value === null) return null;
      const fact = told === null || before === undefined ? `${stamp}\t${JSON.stringify(value)}` : before;
      // A name that could pass for a line of its own is not one of ours.
      if (!/^[\w.-]+$/.test(name)) return value;
      asked.set(name, fact);
      if (told === null) fresh.push(`${name}\t${fact}\n`);
      return value;
    },
    async save(there) {
      if (fresh.length === 0) return;
      const whole = lines + fresh.length > 2 * there + MOST_STALE;
      try {
        if (whole) await writeWhole(path, [...asked].map((fact) => `${fact.join("\t")}\n`).join(""));
        else appendPlain(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}${fresh.join("")}`);
      } catch (error) {
        const impossible = isErrno(error, "ENOSPC", "EDQUOT", "EACCES", "EROFS", "ENOENT");
        if (!impossible && !(error instanceof NotPlain)) throw error;
      }
    },
  };
}

/** The value in a line about `stamp`; null for a line about something else, or one that was cut off. */
function valueIn(rest: string, stamp: string): string | null {
  if (!rest.startsWith(`${stamp}\t`)) return null;
  const value = parseJson(rest.slice(stamp.length + 1));
  return typeof value === "string" ? value : null;
}
