import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isErrno, UsageError } from "../../errors.ts";
import { randomHex } from "../../files/random-hex.ts";
import { syncFolder } from "../../files/sync-folder.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../../files/write-whole.ts";
import type { Message } from "./message.ts";
import { messageFiles } from "./queue.ts";
import { sessionFile } from "./session-paths.ts";

/**
 * Puts a message on the disk, behind all others, or before all others when it interrupts. When this returns, the message outlives
 * the machine; returned is its file. The place is counted and not read off the clock alone: a clock that goes back must not change the order.
 * (Synchronously: half a millisecond, where its ten steps through the thread pool take eight times that, and an answer waits.)
 */
export function enqueue(queue: string, { mode, ...rest }: Omit<Message, "created_at" | "interrupt">): string {
  requireRoom(sessionFile(dirname(queue), "events"));
  makeFolder(queue);
  const created_at = new Date().toISOString();
  const text = JSON.stringify({ created_at, ...rest, interrupt: mode === "interrupt", mode });
  const places = messageFiles(queue).map(placeOf);
  const place =
    mode === "interrupt" ? Math.min(Date.now(), ...places) - 1 : Math.max(Date.now(), ...places.map((at) => at + 1));
  const path = join(queue, `${String(place).padStart(15, "0")}-${process.pid}-${rest.message_id}.json`);
  const temporary = join(queue, `.${randomHex(8)}.tmp`);
  try {
    const file = openSync(temporary, "wx", PRIVATE_FILE);
    syncedClose(file, () => writeFileSync(file, text));
    linkSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(queue);
  return path;
}

// Thirty thousand messages of the usual size. Every worker reads all of it as it begins, and none of it may be left out.
const MOST_JOURNAL = 32_000_000;

/** @throws UsageError for a session that has become too long; its conversation goes on in another one */
function requireRoom(journal: string): void {
  const { size = 0 } = statSync(journal, { throwIfNoEntry: false }) ?? {};
  if (size < MOST_JOURNAL) return;
  throw new UsageError(
    `The session's journal is full: ${journal} (${Math.round(size / 1e6)} MB).`,
    "Go on with the conversation in another broker session: codex_broker start --session SESSION_ID, as status names it.",
  );
}

function placeOf(name: string): number {
  return Number(name.slice(0, 15));
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, PRIVATE_FOLDER);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}

function syncedClose(file: number, write: () => void): void {
  try {
    write();
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
