import type * as z from "zod/mini";
import { sessionPaths } from "../store/session-paths.ts";
import { leaveWord, type Word, withdrawWord } from "../store/word.ts";
import { connectWorker, WorkerGone } from "./client.ts";

/**
 * Tells a session's worker to do something: the word goes onto the disk, the socket only rings.
 * @throws WorkerGone when there is none, or it does not answer in time
 * @throws AskCodexError with the worker's objection
 */
export async function sayWord<T>(folder: string, word: Word, result: z.ZodMiniType<T>): Promise<T> {
  const worker = await connectWorker(folder);
  if (worker === null) throw new WorkerGone();
  const paths = sessionPaths(folder);
  try {
    const word_id = await leaveWord(paths, word);
    try {
      return await worker.call({ type: "word", word_id }, result);
    } finally {
      await withdrawWord(paths, word_id);
    }
  } finally {
    worker.close();
  }
}
