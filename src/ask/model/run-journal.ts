import { type AskCodexError, asExpected } from "../../errors.ts";
import { type Journal, openJournal } from "../../files/journal.ts";

export interface RunJournal extends Omit<Journal, "append"> {
  append(type: string, payload?: Readonly<Record<string, unknown>>): void;
  /** Why the journal is incomplete; null while every event is in it. */
  failure(): AskCodexError | null;
}

/**
 * The journal of a run. A disk that fills up in the middle must not tear down a turn that is under way: events are then lost,
 * the first failure is kept, and the run that cannot be proved has failed.
 */
export function openRunJournal(path: string, most = MOST_BYTES): RunJournal {
  const journal = openJournal(path);
  let full = false;
  let failed: AskCodexError | null = null;
  const attempt = (write: () => void) => {
    if (failed !== null) return;
    try {
      write();
    } catch (error) {
      failed = asExpected(error, `the journal cannot be written (${path})`);
    }
  };
  return {
    append(type, payload) {
      if (full && OF_ANY_NUMBER.has(type)) return;
      attempt(() => void journal.append(type, payload));
      if (full || journal.size() < most) return;
      full = true;
      attempt(() => void journal.append("journal_full", { left_out: [...OF_ANY_NUMBER] }));
    },
    size: () => journal.size(),
    copyTo: (copy) => attempt(() => journal.copyTo(copy)),
    failure: () => failed,
    close: () => journal.close(),
  };
}

// Ten thousand commands and messages of the usual size; Codex's own record has them all.
const MOST_BYTES = 32_000_000;

/** What a turn may have any number of. How it began and ended is written whatever its length. */
const OF_ANY_NUMBER: ReadonlySet<string> = new Set(["command_finished", "message", "problem", "request_declined"]);
