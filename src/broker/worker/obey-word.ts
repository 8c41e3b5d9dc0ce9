import { UsageError } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { WorkerGone } from "../socket/client.ts";
import { takeWord, type Word } from "../store/word.ts";
import type { Serving } from "./serving.ts";

// A second ring for the same word gets the same answer; more than a few are never under way.
const KEPT = 64;

/**
 * Does what a word says that lies in the session's folder. Ringing is free to everyone who reaches the socket, so each word is obeyed
 * once, and a second ring for it changes nothing.
 */
export class Words {
  readonly #told = new Map<string, Promise<unknown>>();

  obey(id: string, serving: Serving): Promise<unknown> {
    const told = this.#told.get(id) ?? this.#take(id, serving);
    this.#told.set(id, told);
    for (const old of [...this.#told.keys()].slice(0, -KEPT)) this.#told.delete(old);
    return told;
  }

  async #take(id: string, serving: Serving): Promise<unknown> {
    const word = await takeWord(serving.paths, id);
    if (word === null) throw new UsageError("no such word lies in the session's folder", "Run the command again.");
    return obey(word, serving);
  }
}

async function obey(word: Word, serving: Serving): Promise<unknown> {
  const { log, attendant, inbox, paths } = serving;
  switch (word.type) {
    case "answer": {
      const open = log.state.openRequests.map(({ request_id }) => request_id);
      if (open.length > 0 && !open.some((id) => word.requests.includes(id)))
        throw new UsageError(
          "What was open is settled by now, and something else is asked.",
          "Look at it first: codex_broker status.",
        );
      return attendant.answerQuestion(word.text, word.question, null);
    }
    case "decide":
      return attendant.decide(word.approved, word.reason, word.request_id);
    case "resume":
      if (serving.leaving()) throw new WorkerGone();
      inbox.grant(word.granted);
      if (log.state.queueHeld || log.state.stopped) log.record("queue_released", {});
      serving.wake();
      return {};
    case "stop":
      // First: a disk that is full must not keep it.
      serving.stop();
      log.record("stop_requested", {});
      log.say("Stop requested");
      await writeWhole(paths.stop, "");
      return {};
    case "rename":
      log.record("renamed", { name: word.name });
      await log.publish();
      return {};
    case "yield":
      return { yielded: await serving.giveWay() };
  }
}
