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
export function openRunJournal(path: string): RunJournal {
  const journal = openJournal(path);
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
    append: (type, payload) => attempt(() => void journal.append(type, payload)),
    copyTo: (copy) => attempt(() => journal.copyTo(copy)),
    failure: () => failed,
    close: () => journal.close(),
  };
}
