import type { Readable } from "node:stream";

export interface Patience {
  /** Within which time a byte or the end must come; null: for ever. */
  readonly firstMs: number | null;
  /** How long it may rest after that; null: for ever. */
  readonly restMs: number | null;
}

/**
 * All that comes before the end. `silent`: neither byte nor end came in time. `stalled`: something came, and then neither more nor the
 * end. The stream is left alone afterwards, so that it keeps no process alive.
 */
export async function readPipe(
  stream: Readable,
  { firstMs, restMs }: Patience,
): Promise<{ readonly type: "whole" | "silent" | "stalled"; readonly bytes: Buffer }> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    let timer = arm(firstMs, "silent");
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(timer);
      timer = arm(restMs, "stalled");
    });
    stream.once("end", () => settle("whole"));
    stream.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });

    function arm(ms: number | null, type: "silent" | "stalled") {
      return ms === null ? undefined : setTimeout(() => settle(type), ms);
    }

    function settle(type: "whole" | "silent" | "stalled") {
      clearTimeout(timer);
      stream.destroy();
      resolve({ type, bytes: Buffer.concat(chunks) });
    }
  });
}
