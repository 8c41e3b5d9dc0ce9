import { link, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { isErrno } from "../errors.ts";
import { randomHex } from "../files/random-hex.ts";
import { makePrivateFolder, PRIVATE_FILE } from "../files/write-whole.ts";
import { messageOptions } from "./session-options.ts";

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

/**
 * Puts a message on the disk, behind all others, or before all others when it interrupts. When this returns, the message outlives
 * the machine. The place is counted and not read off the clock alone: a clock that goes back must not change the order.
 */
export async function enqueue(
  queue: string,
  { mode, ...rest }: Omit<Message, "created_at" | "interrupt">,
): Promise<void> {
  await makePrivateFolder(queue);
  const created_at = new Date().toISOString();
  const text = JSON.stringify({ created_at, ...rest, interrupt: mode === "interrupt", mode });
  const places = (await messageFiles(queue)).map(placeOf);
  const place =
    mode === "interrupt" ? Math.min(Date.now(), ...places) - 1 : Math.max(Date.now(), ...places.map((at) => at + 1));
  const temporary = join(queue, `.${randomHex(8)}.tmp`);
  try {
    const file = await open(temporary, "wx", PRIVATE_FILE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, join(queue, `${String(place).padStart(15, "0")}-${process.pid}-${rest.message_id}.json`));
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(queue);
}

/** The messages that wait, the next one first; `damaged` names the files that cannot be read. */
export async function readQueue(queue: string): Promise<{ waiting: readonly Queued[]; damaged: readonly string[] }> {
  const files = await messageFiles(queue);
  const read = await Promise.all(files.map(async (name) => ({ name, found: await readMessage(join(queue, name)) })));
  return {
    waiting: read.flatMap(({ name, found }) =>
      found === null || found === "gone" ? [] : [{ ...found, file: join(queue, name) }],
    ),
    damaged: read.flatMap(({ name, found }) => (found === null ? [join(queue, name)] : [])),
  };
}

/** How many messages are on the disk. */
export async function countQueue(queue: string): Promise<number> {
  return (await messageFiles(queue)).length;
}

/** True when a message of this id waits. */
export async function isQueued(queue: string, messageId: string): Promise<boolean> {
  return (await messageFiles(queue)).some((name) => name.endsWith(`-${messageId}.json`));
}

async function messageFiles(queue: string): Promise<readonly string[]> {
  try {
    return (await readdir(queue)).filter((name) => /^\d{15}-.*\.json$/.test(name)).sort();
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

function placeOf(name: string): number {
  return Number(name.slice(0, 15));
}

/** `gone`: taken out in this very moment; null: damaged. */
async function readMessage(path: string): Promise<Message | "gone" | null> {
  try {
    const parsed = message.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "gone";
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A new name is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
