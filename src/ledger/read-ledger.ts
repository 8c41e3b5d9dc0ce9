import { AskCodexError, isErrno, messageOf } from "../errors.ts";
import { parseJson } from "../files/json-line.ts";
import { readPlain } from "../files/read-plain.ts";
import { type LedgerEntry, ledgerEntrySchema, ledgerPath } from "./ledger.ts";
import { usualEntry } from "./usual-entry.ts";

export interface Ledger {
  readonly path: string;
  /** In the order they were written. */
  readonly entries: readonly LedgerEntry[];
  /** Lines that are not entries: torn by a full disk, or someone else's. */
  readonly skipped: number;
}

/**
 * Reads every entry that can be read.
 * @throws AskCodexError when the file as a whole cannot be read
 */
export async function readLedger(state: string): Promise<Ledger> {
  const path = ledgerPath(state);
  const lines = (await textOf(path)).split("\n").filter((line) => line !== "");
  const entries = lines.flatMap((line) => entryOf(parseJson(line)) ?? []);
  return { path, entries, skipped: lines.length - entries.length };
}

function entryOf(value: unknown): LedgerEntry | null {
  return usualEntry(value) ?? ledgerEntrySchema.safeParse(value).data ?? null;
}

async function textOf(path: string): Promise<string> {
  try {
    return readPlain(path);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "";
    const hint = "It is kept as it is: look at what it is, and whose.";
    throw new AskCodexError("internal", `the ledger cannot be read: ${messageOf(error)}`, { hint, cause: error });
  }
}
