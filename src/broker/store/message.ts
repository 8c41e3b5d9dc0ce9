import { join } from "node:path";
import * as z from "zod/mini";
import { AskCodexError, isErrno } from "../../errors.ts";
import { readPlain } from "../../files/read-plain.ts";
import { messageOptions } from "./message-options.ts";
import { messageFiles } from "./queue.ts";

const message = z.object({
  created_at: z.string(),
  message: z.string(),
  interrupt: z.boolean(),
  message_id: z.string(),
  mode: z.enum(["queue", "steer", "interrupt"]),
  key: z.nullable(z.string()),
  options: messageOptions,
});

/** A message that waits in the queue: one file, named by its place. */
export type Message = z.infer<typeof message>;

export interface Queued extends Message {
  readonly file: string;
}

/** The messages that wait, the next one first; `damaged` names the files that cannot be read. */
export function readQueue(queue: string): { waiting: readonly Queued[]; damaged: readonly string[] } {
  const read = messageFiles(queue).map((name) => ({ name, found: readMessage(join(queue, name)) }));
  return {
    waiting: read.flatMap(({ name, found }) =>
      found === null || found === "gone" ? [] : [{ ...found, file: join(queue, name) }],
    ),
    damaged: read.flatMap(({ name, found }) => (found === null ? [join(queue, name)] : [])),
  };
}

/** `gone`: taken out in this very moment; null: damaged. */
function readMessage(path: string): Message | "gone" | null {
  try {
    const parsed = message.safeParse(JSON.parse(readPlain(path)));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "gone";
    if (error instanceof SyntaxError || error instanceof AskCodexError) return null;
    throw error;
  }
}
