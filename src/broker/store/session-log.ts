import { oneAtATime } from "../../bounds/one-at-a-time.ts";
import { AskCodexError, isErrno, messageOf } from "../../errors.ts";
import { openJournal } from "../../files/journal.ts";
import { appendCapped } from "../../files/kept/capped-log.ts";
import { readPlain } from "../../files/read-plain.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { queuedIds } from "./queue.ts";
import { type PayloadOf, parseSessionEvent, type SessionEvent, type SessionEventType } from "./session-event.ts";
import type { SessionPaths } from "./session-paths.ts";
import { fold, newSession, type SessionState } from "./session-state.ts";
import { inSeconds, type StateFile, summaryOf, toStateFile } from "./state-file.ts";

/** A session's journal, opened by the one process that may write it, and the state that follows from it. */
export interface SessionLog {
  readonly state: SessionState;
  /** Journals what happened: it is on the disk when this returns, and folded into `state`. */
  record<Type extends SessionEventType>(type: Type, payload: PayloadOf<Type>): void;
  /** A line for people, into activity.log. Best effort: a full disk must not tear down a turn. */
  say(line: string): void;
  /** The state as the file has it, as of now. */
  snapshot(): Promise<StateFile>;
  /** Tells who listens how things are. */
  tell(): Promise<void>;
  /** Brings state.json up to date, and notifies the listeners. Never rejects: the file is a summary, and the journal has it all. */
  publish(): Promise<void>;
  /** A line of progress, kept for `recent_progress`. */
  progress(line: string): void;
  onPublish(listener: (file: StateFile) => void): void;
  /** The process id of Codex. */
  codexPid: () => number | null;
  close(): void;
}

/**
 * Reads the journal and goes on with it. The caller holds the session, or has just made it.
 * @throws AskCodexError when the journal cannot be read; it is kept
 */
export function openSessionLog(paths: SessionPaths): SessionLog {
  let state = readSession(paths.events);
  const journal = openJournal(paths.events, { durable: true });
  let listener: (file: StateFile) => void = () => {};
  let recent: string[] = [];
  let summary: { readonly of: string | null; readonly text: string } = { of: null, text: "" };
  const inOrder = oneAtATime();
  const log: SessionLog = {
    get state() {
      return state;
    },
    codexPid: () => null,
    record(type, payload) {
      const event = journal.append(type, payload as Readonly<Record<string, unknown>>);
      state = fold(state, event as SessionEvent);
      if (type === "run_started") recent = [];
    },
    say(line) {
      try {
        appendCapped(paths.activity, `${inSeconds(new Date().toISOString())} ${line}\n`);
      } catch (error) {
        if (!isErrno(error, "ENOSPC", "EDQUOT")) throw error;
      }
    },
    progress(line) {
      recent = [...recent, line].slice(-RECENT_LINES);
      log.say(line);
    },
    async snapshot() {
      const output = state.lastRun?.outputPath ?? null;
      if (summary.of !== output) summary = { of: output, text: await summaryOf(output) };
      // The file of a message that has ended goes a moment after its end is journaled.
      const pending = queuedIds(paths.queue).filter((id) => !state.settled.has(id)).length;
      const beside = { folder: paths.folder, pending, codexPid: log.codexPid() };
      return toStateFile(state, { ...beside, latestProgress: recent.join("\n"), latestSummary: summary.text });
    },
    tell: async () => listener(await log.snapshot()),
    publish() {
      // One after the other: a later state must not be overtaken by an earlier one.
      return inOrder(async () => {
        const file = await log.snapshot();
        listener(file);
        await writeWhole(paths.state, `${JSON.stringify(file, null, 2)}\n`);
      }).catch((error) => log.say(`state.json cannot be written: ${messageOf(error)}`));
    },
    onPublish(next) {
      listener = next;
    },
    close: () => journal.close(),
  };
  return log;
}

// What `status` shows, as the original does.
const RECENT_LINES = 10;

/** @throws AskCodexError when there is no beginning to read */
export function readSession(path: string): SessionState {
  const events = readSessionEvents(path);
  const [first] = events;
  if (first?.type !== "session_started") {
    const hint = "The file is kept as it is; start a new session.";
    throw new AskCodexError("internal", `the session's journal cannot be read: ${path}`, { hint });
  }
  return events.reduce(fold, newSession(first.payload, first.timestamp));
}

/** Every event that can be read. A last line that was cut off, by a full disk or a lost machine, was never reported. */
export function readSessionEvents(path: string): readonly SessionEvent[] {
  return textOf(path)
    .split("\n")
    .flatMap((json) => (json === "" ? [] : (parseSessionEvent(json) ?? [])));
}

function textOf(path: string): string {
  try {
    return readPlain(path);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "";
    throw error;
  }
}
