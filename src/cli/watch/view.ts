import type { ReadStream, WriteStream } from "node:tty";
import { type CancelSignal, SIGNAL_EXIT_CODES } from "../../errors.ts";
import { paintFor } from "../output/paint.ts";
import type { Paint } from "../output/styled-text.ts";
import { answerRows, answersOf, further, nextAnswer, type Reading } from "./answers.ts";
import { watchLines } from "./lines.ts";
import { Screen, type Size } from "./screen.ts";
import type { WatchedSessions } from "./sessions.ts";

// What several workers report at once is drawn at once.
const DRAW_MS = 30;
const TICK_MS = 1000;

/** The terminal as it is used by a live view. */
export interface Terminal {
  readonly output: WriteStream;
  /** Null when stdin is not a terminal: then only signals end the view. */
  readonly input: ReadStream | null;
  readonly colours: boolean;
}

/** Sessions on a terminal until the user leaves, or a signal or the loss of the terminal ends it. */
export class WatchView {
  readonly #terminal: Terminal;
  readonly #screen: Screen;
  readonly #paint: Paint;
  #sessions: WatchedSessions | null = null;
  /** The answers that were opened; null: the sessions are shown. */
  #reading: Reading | null = null;
  #timer: NodeJS.Timeout | undefined;
  #leave: (code: number) => void = () => {};

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#screen = new Screen((text) => terminal.output.write(text));
    this.#paint = paintFor(terminal.colours);
  }

  /** Something has changed. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.#draw(), DRAW_MS);
  }

  /** Resolves with the exit code; then the terminal is as it was before. */
  async run(sessions: WatchedSessions, signal: AbortSignal): Promise<number> {
    const { output } = this.#terminal;
    this.#sessions = sessions;
    const left = new Promise<number>((resolve) => {
      this.#leave = resolve;
    });
    const restore = () => this.#restore();
    signal.addEventListener("abort", () => this.#leave(SIGNAL_EXIT_CODES[signal.reason as CancelSignal]));
    // Also when we crash. The words of it are printed after that, and not lost with the other screen.
    process.on("exit", restore);
    process.on("SIGTSTP", this.#suspend);
    process.on("SIGCONT", this.#enter);
    output.on("resize", this.#resized);
    output.on("error", this.#lost);
    const tick = setInterval(() => this.#draw(), TICK_MS);
    try {
      this.#enter();
      await Promise.race([left, sessions.start().then(() => left)]);
      return await left;
    } finally {
      clearInterval(tick);
      clearTimeout(this.#timer);
      process.off("SIGTSTP", this.#suspend);
      process.off("SIGCONT", this.#enter);
      output.off("resize", this.#resized);
      restore();
    }
  }

  readonly #resized = () => {
    this.#screen.resized();
    this.#draw();
  };

  readonly #lost = () => this.#leave(SIGNAL_EXIT_CODES.SIGHUP);

  /** Ctrl-Z: the shell must find its terminal as it was. SIGCONT goes on. */
  readonly #suspend = () => {
    this.#restore();
    process.kill(process.pid, "SIGSTOP");
  };

  /** Also after a stop: the program that had the terminal meanwhile left it in a state of its own. */
  readonly #enter = () => {
    const { input } = this.#terminal;
    if (input !== null) {
      input.off("data", this.#typed).off("end", this.#lost).off("error", this.#lost);
      input.on("data", this.#typed).on("end", this.#lost).on("error", this.#lost);
      input.setRawMode(false);
      input.setRawMode(true);
      input.resume();
    }
    this.#screen.enter();
    this.#draw();
  };

  readonly #typed = (keys: Buffer) => {
    // F2 has a Q in it: what is an escape sequence means nothing here.
    const typed = keys.toString("latin1").replace(/\u001b[[O][0-?]*[ -/]*[@-~]/g, "");
    // q, Ctrl-C, Ctrl-D: in raw mode the terminal makes no signals of them.
    if (/[qQ\u0003\u0004]/.test(typed)) this.#leave(0);
    else if (typed.includes("\u001a")) this.#suspend();
    else this.#read(typed);
  };

  /** `a` or Enter opens the newest answer, then the next one, then goes back; Escape goes back at once. */
  #read(typed: string): void {
    if (/[aA\r]/.test(typed)) this.#reading = this.#reading === null ? this.#open() : nextAnswer(this.#reading);
    else if (this.#reading !== null && typed.includes(" ")) this.#reading = further(this.#reading, this.#size());
    else if (typed.includes("\u001b")) this.#reading = null;
    else return;
    this.#screen.resized();
    this.#draw();
  }

  #open(): Reading | null {
    const answers = answersOf(this.#sessions?.all() ?? []);
    return answers.length === 0 ? null : { answers, at: 0, from: 0 };
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = this.#sessions?.all() ?? [];
    const sessions = all.length === 0 && this.#sessions?.complete !== true ? null : all;
    const [size, paint] = [this.#size(), this.#paint];
    const rows =
      this.#reading === null ? watchLines(sessions, size, Date.now(), paint) : answerRows(this.#reading, size, paint);
    this.#screen.draw(rows);
  }

  /** A terminal that does not know its size has none. */
  #size(): Size {
    const { columns, rows } = this.#terminal.output;
    return { columns: columns || 80, rows: rows || 24 };
  }

  #restore(): void {
    this.#screen.leave();
    const { input } = this.#terminal;
    if (input === null) return;
    input.pause();
    input.setRawMode(false);
  }
}
