import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { readJson } from "../../files/json-file.ts";
import { randomHex } from "../../files/random-hex.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import type { SessionPaths } from "./session-paths.ts";

const text = z.string();

const words = z.discriminatedUnion("type", [
  /** `requests`: what was open when it was said; it is not an answer to anything that was asked later. */
  z.object({ type: z.literal("answer"), text, question: z.nullable(text), requests: z.array(text) }),
  z.object({ type: z.literal("decide"), request_id: text, approved: z.boolean(), reason: text }),
  /** Go on with a queue that was held; the flags of these messages were given again. */
  z.object({ type: z.literal("resume"), granted: z.array(text) }),
  z.object({ type: z.literal("stop") }),
  z.object({ type: z.literal("rename"), name: text }),
  /** Another run wants the thread: let go of it unless there is work. */
  z.object({ type: z.literal("yield") }),
]);

/**
 * What a command asks a session's worker to do. It is a file in the session's folder: a sandboxed command may reach the worker's
 * socket and may read every file, a secret in one included, but it cannot write here.
 */
export type Word = z.infer<typeof words>;

const wordFile = z.object({ created_at: text, word: words });

/** What names a word on the socket. */
const WORD_ID = /^[0-9a-f]{32}$/;

// A command rings right after it has written. What a killed one left is not to be rung for by anyone else later.
const LIFE_MS = 60_000;

/** Puts a word where the worker finds it; returns its id. */
export async function leaveWord(paths: SessionPaths, word: Word): Promise<string> {
  const id = randomHex(16);
  await makePrivateFolder(paths.words);
  await writeWhole(fileOf(paths, id), JSON.stringify({ created_at: new Date().toISOString(), word }));
  return id;
}

/** Takes a word out of the folder; null when there is none of this id, or it is too old. */
export async function takeWord(paths: SessionPaths, id: string): Promise<Word | null> {
  if (!WORD_ID.test(id)) return null;
  const found = await readJson(fileOf(paths, id), wordFile);
  if (found.type !== "valid") return null;
  rmSync(fileOf(paths, id));
  const age = Math.abs(Date.now() - Date.parse(found.value.created_at));
  return age <= LIFE_MS ? found.value.word : null;
}

/** Takes a word back, if the worker has not taken it. */
export async function withdrawWord(paths: SessionPaths, id: string): Promise<void> {
  await rm(fileOf(paths, id), { force: true });
}

function fileOf({ words: folder }: SessionPaths, id: string): string {
  return join(folder, `${id}.json`);
}
