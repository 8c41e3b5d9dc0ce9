import { WorkerGone } from "../socket/client.ts";
import type { Request } from "../socket/protocol.ts";
import type { Words } from "./obey-word.ts";
import type { Serving } from "./serving.ts";

/**
 * Answers a request. What reaches the socket need not be a command of ours: what a request can do by itself is to read, and to ring for
 * what lies in the session's folder.
 * @throws AskCodexError with what the command should report
 */
export async function handleRequest(request: Request, serving: Serving, words: Words): Promise<unknown> {
  const { inbox } = serving;
  switch (request.type) {
    case "status":
    case "watch":
      return serving.status();
    case "deliver": {
      if (serving.leaving()) throw new WorkerGone();
      const delivery = await inbox.deliver(request.message_id);
      serving.wake();
      return delivery;
    }
    case "word":
      return words.obey(request.word_id, serving);
  }
}
