import { createHash, type Hash } from "node:crypto";
import { readPlainBytes, readPlainRest } from "../files/read-plain.ts";
import { writeWhole } from "../files/write-whole.ts";
import { type CountedRuns, countedRuns, joined } from "./counted-run.ts";
import { type Digest, packed, unpacked } from "./digest.ts";
import { digestPath, ledgerPath } from "./ledger.ts";
import { entriesIn, ledgerBytes } from "./read-ledger.ts";

export interface RunsOfLedger {
  /** Of the ledger. */
  readonly path: string;
  readonly runs: CountedRuns;
  /** Lines that are not entries: torn by a full disk, or someone else's. */
  readonly skipped: number;
}

/**
 * What is counted of every entry that can be read. The digest beside the ledger knows its first lines; those since then are read, and
 * when they have become many, the digest is written anew.
 * @param mostSince how many bytes these may have until then
 * @throws AskCodexError when the ledger as a whole cannot be read
 */
export async function readRuns(state: string, mostSince: number = MOST_SINCE): Promise<RunsOfLedger> {
  const { digest, bytes, before } = afterDigest(state) ?? {
    digest: NOTHING,
    bytes: ledgerBytes(state),
    before: createHash("sha256"),
  };
  // A last line without its end may still be being written: no digest covers it.
  const end = bytes.lastIndexOf("\n") + 1;
  const whole = withLines(digest, bytes.subarray(0, end));
  if (end > mostSince) await keep(state, whole, before.update(bytes.subarray(0, end)).digest("hex"));
  const { runs, skipped } = withLines(whole, bytes.subarray(end));
  return { path: ledgerPath(state), runs, skipped };
}

const NOTHING: Counted = { size: 0, runs: countedRuns([]), skipped: 0 };

type Counted = Omit<Digest, "ledger">;

function withLines({ size, runs, skipped }: Counted, lines: Buffer): Counted {
  const since = entriesIn(lines.toString("utf8"));
  return {
    size: size + lines.length,
    runs: joined(runs, countedRuns(since.entries)),
    skipped: skipped + since.skipped,
  };
}

// A megabyte, some 1,700 lines, takes 20 ms to read: ledgers below that have no digest.
const MOST_SINCE = 1_000_000;

interface AfterDigest {
  readonly digest: Counted;
  /** Of the ledger, since then. */
  readonly bytes: Buffer;
  /** A hash of all that comes before these, which can go on. */
  readonly before: Hash;
}

/** Null: there is no digest that is whole and ours alone to write, or the ledger is another one now than it is of. */
function afterDigest(state: string): AfterDigest | null {
  try {
    const digest = unpacked(readPlainBytes(digestPath(state), { ownOnly: true }));
    if (digest === null) return null;
    const before = createHash("sha256");
    const bytes = readPlainRest(ledgerPath(state), digest.size, (part) => before.update(part));
    return bytes === null || before.copy().digest("hex") !== digest.ledger ? null : { digest, bytes, before };
  } catch {
    return null;
  }
}

/** Best effort: without a digest, figures cost more and are the same. */
async function keep(state: string, counted: Counted, ledger: string): Promise<void> {
  await writeWhole(digestPath(state), packed({ ...counted, ledger })).catch(() => undefined);
}
