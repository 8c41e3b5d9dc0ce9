import { fstatSync, writeSync } from "node:fs";
import type { ReadStream, WriteStream } from "node:tty";
import { EXIT_CODES, isErrno, messageOf } from "../../errors.ts";

/** What a command came to, for programs: to stdout. */
export function writeOut(text: string | Uint8Array): void {
  process.stdout.write(text);
}

/** What goes on, for people: to stderr. */
export function writeErr(text: string): void {
  process.stderr.write(text);
}

/** All at once, for what prints and is done: setting up process.stdout would take half as long as all the rest. */
export function printAtOnce(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    if (!isErrno(error, "EAGAIN")) return outputLost(error);
    // A pipe that is full and does not wait.
    outliveReaders();
    writeOut(bytes.subarray(written));
  }
}

/** A reader may stop reading (`| head -1`): that ends no run. */
export function outliveReaders(): void {
  process.stdout.on("error", outputLost);
  process.stderr.on("error", () => {});
}

let isLost = false;

/** Output that no one wanted to read is not missed. Output that a full disk has swallowed is: the exit code must not say that all is well. */
function outputLost(error: unknown): void {
  if (isLost || isErrno(error, "EPIPE")) return;
  isLost = true;
  process.on("exit", (code) => {
    if (code !== 0) return;
    process.exitCode = EXIT_CODES.failed;
    try {
      writeSync(2, `[ERROR] stdout could not be written: ${messageOf(error)}\n`);
    } catch {
      // The exit code says it.
    }
  });
}

/** Calls back when no process reads our stdout any more. */
export function whenUnread(ended: () => void): void {
  process.stdout.on("error", ended);
}

/** Whether stdout may be a terminal; /dev/null is such a device, too. To know for sure takes node:tty, which loads node:net. */
export function mayBeTerminal(): boolean {
  return fstatSync(1).isCharacterDevice();
}

/** Whether a stream is a terminal on which lines can be drawn over. */
export function canDraw(stream: "stdout" | "stderr"): boolean {
  return process[stream].isTTY === true && process.env["TERM"] !== "dumb";
}

/** How to write to stdout: whether a person reads it on a terminal, its width, if it has one, and whether in colours. */
export function outputForm(): {
  readonly terminal: boolean;
  readonly columns: number | null;
  readonly colours: boolean;
} {
  const { columns, isTTY } = process.stdout;
  const colours = canDraw("stdout") && !process.env["NO_COLOR"];
  return { terminal: isTTY === true, columns: columns || null, colours };
}

/** The terminal of a live view. Without an input, only signals end the view. */
export function terminal(): {
  readonly output: WriteStream;
  readonly input: ReadStream | null;
  readonly colours: boolean;
} {
  const { stdin, stdout } = process;
  return { output: stdout, input: stdin.isTTY ? stdin : null, colours: stdout.hasColors() };
}

/** The size of the terminal that a stream is, asked anew each time; null: it cannot be drawn on. */
export function drawingSize(
  name: "stdout" | "stderr",
): (() => { readonly columns: number; readonly rows: number }) | null {
  if (!canDraw(name)) return null;
  const stream = process[name];
  return () => ({ columns: stream.columns || 80, rows: stream.rows || 24 });
}

/** The stream of progress, for what draws on it by itself. */
export function progressStream(): NodeJS.WriteStream {
  return process.stderr;
}
