import { link, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomHex } from "../files/random-hex.ts";
import { makePrivateFolder, PRIVATE_FILE } from "../files/write-whole.ts";
import type { Message } from "./message.ts";
import { messageFiles } from "./queue.ts";

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

function placeOf(name: string): number {
  return Number(name.slice(0, 15));
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
