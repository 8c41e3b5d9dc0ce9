import type { Progress } from "../../ask/model/context.ts";
import { agentsAfter, checkWords, doingNow, graceWords, progressLine } from "../../ask/report/progress-words.ts";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { escapeValue, oneLine } from "../../text/defuse.ts";

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** What is shown on a terminal between lines; null elsewhere. */
  readonly spinner: Spinner | null;
}

export interface Spinner {
  update(text: string): void;
  /** Takes the spinner off the line, so that a line can be printed. */
  clear(): void;
  stop(): void;
}

export interface ProgressLines extends Progress {
  /** A line that is printed in any case. */
  line(text: string): void;
  /** A line that is for who watches: as the other lines of progress, not in quiet mode or when much was said already. */
  aside(text: string): void;
  /** The last message is printed elsewhere: its first line is not shown here if it was not yet. */
  answerFollows(): void;
  /** The bytes that were written so far; what a spinner drew and took back does not count. */
  written(): number;
  stop(): void;
}

// Claude Code merges both streams and shows only the head of long output: past this, nothing but heartbeats, and past
// the second mark even those get shorter and rarer, so that the closing lines always fit into 8 KB.
const LINES_BYTES = 6_000;
const HEARTBEAT_BYTES = 6_600;
const HEARTBEAT_MS = 30_000;

// Which run this is stands in the keys at the end. Long output has it at the head as well, before a reader may cut it off.
const HEAD_BYTES = 1_500;

/** `[codex] …` lines on stderr: what Codex does, and, when it is silent, what it is silent about and for how long. */
export function progressLines({ write, spinner }: ProgressOptions): ProgressLines {
  let bytes = 0;
  let heartbeatMs = HEARTBEAT_MS;
  let doing = () => "starting";
  let quietSince = monotonicMs();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let opening: string | null = null;
  let message: string | null = null;
  let agents: ReadonlySet<string> = new Set();

  const draw = (text: string) => {
    spinner?.clear();
    write(`${text}\n`);
    if (spinner === null) bytes += Buffer.byteLength(text) + 1;
    rearm();
  };
  const open = () => {
    const line = opening;
    opening = null;
    if (line !== null) draw(line);
  };
  // The last message is the answer, so a message waits for what comes after it.
  const flush = () => {
    const line = message;
    message = null;
    if (line !== null) say(line);
  };
  const put = (text: string) => {
    if (spinner !== null || bytes + Buffer.byteLength(text) > HEAD_BYTES) open();
    draw(text);
  };
  const aside = (line: string) => {
    if (bytes + Buffer.byteLength(line) < LINES_BYTES) put(line);
  };
  function say(text: string) {
    flush();
    aside(`[codex] ${text}`);
  }
  const beat = () => {
    open();
    flush();
    const silent = Math.round((monotonicMs() - quietSince) / 1000);
    const late = bytes >= HEARTBEAT_BYTES;
    if (late) heartbeatMs *= 2;
    const told = late ? doing().split(/[ :]/, 1)[0] : doing();
    put(silent === 0 ? `[codex] … ${told}` : `[codex] … ${told}, silent for ${silent} s`);
  };
  function rearm() {
    clearTimeout(timer);
    // A line after the end must not keep the program waiting for the next heartbeat.
    if (!stopped) timer = setTimeout(beat, heartbeatMs);
  }
  // Worded only when it is shown: a command that prints much brings thousands of events.
  const note = (what: () => string) => {
    doing = what;
    spinner?.update(what());
  };

  rearm();
  return {
    opened(sessionId, outputPath) {
      // A terminal is read by a person, who sees the report's name at the end.
      opening =
        spinner === null
          ? `[codex] session_id=${sessionId} output_path=${escapeValue(outputPath)}`
          : `[codex] session_id=${sessionId}`;
      if (spinner !== null || bytes > HEAD_BYTES) open();
    },
    event(event, turn) {
      if (event.type !== "problem" && event.type !== "other") quietSince = monotonicMs();
      const words = progressLine(event, turn);
      if (words !== null && event.type === "item_completed") {
        flush();
        message = words;
      } else if (words !== null) say(words);
      agents = agentsAfter(event, agents);
      note(() => doingNow(turn, agents));
    },
    grace: (event) => put(graceWords(event)),
    declined: ({ what }) => say(`declined: ${oneLine(what, 120)}`),
    checking: (what) => {
      quietSince = monotonicMs();
      note(() => `checking: ${oneLine(what, 80)}`);
      aside(`[codex] checking: ${oneLine(what, 100)}`);
    },
    checked: (check) => aside(`[codex] ${checkWords(check)}`),
    repairing: (round, rounds) => say(`the check failed: back to Codex, round ${round} of ${rounds}`),
    warned(what) {
      flush();
      put(`[WARNING] ${oneLine(what, 300)}`);
    },
    line(text) {
      flush();
      put(text);
    },
    aside,
    answerFollows() {
      message = null;
    },
    written: () => bytes,
    stop() {
      stopped = true;
      flush();
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}

/** For `--quiet`: nothing but the lines that are always printed. */
export function noProgress(write: (text: string) => void): ProgressLines {
  const nothing = () => {};
  let bytes = 0;
  return {
    warned: (what) => write(`[WARNING] ${oneLine(what, 300)}\n`),
    opened: nothing,
    event: nothing,
    grace: nothing,
    declined: nothing,
    checking: nothing,
    checked: nothing,
    repairing: nothing,
    line(text) {
      bytes += Buffer.byteLength(text) + 1;
      write(`${text}\n`);
    },
    aside: nothing,
    answerFollows: nothing,
    written: () => bytes,
    stop: nothing,
  };
}
