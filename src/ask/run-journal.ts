import { AskCodexError, messageOf } from "../errors.ts";
import { type Journal, openJournal } from "../files/journal.ts";

export interface RunJournal extends Journal {
  /** Why the journal is incomplete; null while every event is in it. */
  failure(): AskCodexError | null;
}

/**
 * The journal of a run. A disk that fills up in the middle must not tear down a turn that is under way: events are then lost,
 * the first failure is kept, and the run that cannot be proved has failed.
 */
export function openRunJournal(path: string, copies: readonly string[]): RunJournal {
  const journal = openJournal(path, copies);
  let failed: AskCodexError | null = null;
  return {
    append(type, payload) {
      if (failed !== null) return;
      try {
        journal.append(type, payload);
      } catch (error) {
        failed = new AskCodexError("internal", `the journal cannot be written: ${messageOf(error)}`, {
          hint: `Make room on the disk; the run's folder is where ${path} is.`,
          cause: error,
        });
      }
    },
    failure: () => failed,
    close: () => journal.close(),
  };
}
