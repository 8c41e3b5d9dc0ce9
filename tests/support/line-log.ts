import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** What a stream has brought so far, and a way to wait for a line of it. */
export interface LineLog {
  text(): string;
  /** The first line, past ones included, that contains the string or fits the expression. Rejects when the stream ends without it. */
  line(match: string | RegExp): Promise<string>;
}

interface Waiter {
  readonly fits: (line: string) => boolean;
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

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
    for (const waiter of [...waiters].filter(({ fits }) => fits(line))) {
      waiters.delete(waiter);
      waiter.resolve(line);
    }
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
    for (const { reject } of waiters) reject(new Error(`the line never came; there was:\n${chunks.join("")}`));
    waiters.clear();
  });

  return {
    text: () => chunks.join(""),
    line(match) {
      const fits = (line: string) => (typeof match === "string" ? line.includes(match) : match.test(line));
      const past = lines.find(fits);
      if (past !== undefined) return Promise.resolve(past);
      if (ended) return Promise.reject(new Error(`no line fits ${match}; there was:\n${chunks.join("")}`));
      return new Promise((resolve, reject) => waiters.add({ fits, resolve, reject }));
    },
  };
}
