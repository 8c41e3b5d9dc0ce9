import { AskCodexError, asExpected, isErrno, messageOf } from "../errors.ts";
import { parseJson } from "../files/json-line.ts";
import { readPlainBytes } from "../files/read-plain.ts";
import { type LedgerEntry, ledgerEntrySchema, ledgerPath } from "./ledger.ts";
import { usualEntry } from "./usual-entry.ts";

export interface Entries {
  /** In the order they were written. */
  readonly entries: readonly LedgerEntry[];
  /** Lines that are not entries: torn by a full disk, or someone else's. */
  readonly skipped: number;
}

export interface Ledger extends Entries {
  readonly path: string;
}

/**
 * Reads every entry that can be read.
 * @throws AskCodexError when the file as a whole cannot be read
 */
export async function readLedger(state: string): Promise<Ledger> {
  return { path: ledgerPath(state), ...entriesIn(ledgerBytes(state).toString("utf8")) };
}

/** The entries among these lines of a ledger. */
export function entriesIn(text: string): Entries {
  const lines = text.split("\n").filter((line) => line !== "");
  const entries = lines.flatMap((line) => entryOf(parseJson(line)) ?? []);
  return { entries, skipped: lines.length - entries.length };
}

function entryOf(value: unknown): LedgerEntry | null {
  return usualEntry(value) ?? ledgerEntrySchema.safeParse(value).data ?? null;
}

/**
 * The ledger as it is on the disk; empty where there is none yet.
 * @throws AskCodexError when it cannot be read
 */
export function ledgerBytes(state: string): Buffer {
  try {
    return readPlainBytes(ledgerPath(state));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return Buffer.alloc(0);
    const hint = "It is kept as it is: look at what it is, and whose.";
    throw new AskCodexError(asExpected(error).kind, `the ledger cannot be read: ${messageOf(error)}`, {
      hint,
      cause: error,
    });
  }
}
