import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** What a stream has brought so far, and a way to wait for a line of it. */
export interface LineLog {
  text(): string;
  /**
   * The first line, past ones included, that contains the string or fits the expression. Rejects, with all there was, when the
   * stream ends without it or a wait is hopeless.
   */
  line(match: string | RegExp): Promise<string>;
}

interface Waiter {
  readonly fits: (line: string) => boolean;
  readonly resolve: (line: string) => void;
  readonly giveUp: (reason: string) => void;
}

// Well within a test's own limit, which would not tell what there was instead.
const HOPELESS_MS = 40_000;

/** Reads a stream to its end. A line counts once it is whole, or when the stream ends. */
export function logLines(stream: Readable): LineLog {
  const decoder = new StringDecoder("utf8");
  const lines: string[] = [];
  const waiters = new Set<Waiter>();
  const chunks: string[] = [];
  let rest = "";
  let ended = false;

  const take = (line: string) => {
    lines.push(line);
    for (const waiter of waiters) if (waiter.fits(line)) waiter.resolve(line);
  };
  stream.on("data", (chunk: Buffer) => {
    const text = decoder.write(chunk);
    chunks.push(text);
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) take(line);
  });
  stream.on("close", () => {
    ended = true;
    if (rest !== "") take(rest);
    for (const { giveUp } of waiters) giveUp("the stream has ended");
  });

  return {
    text: () => chunks.join(""),
    line(match) {
      const fits = (line: string) => (typeof match === "string" ? line.includes(match) : match.test(line));
      const past = lines.find(fits);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const settle = () => {
          clearTimeout(timer);
          waiters.delete(waiter);
        };
        const waiter: Waiter = {
          fits,
          resolve: (line) => {
            settle();
            resolve(line);
          },
          giveUp: (reason) => {
            settle();
            reject(new Error(`no line fits ${match}: ${reason}; there was:\n${chunks.join("")}`));
          },
        };
        const timer = setTimeout(() => waiter.giveUp(`none came in ${HOPELESS_MS} ms`), HOPELESS_MS);
        waiters.add(waiter);
        if (ended) waiter.giveUp("the stream has ended");
      });
    },
  };
}
