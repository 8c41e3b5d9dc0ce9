import { WorkerGone } from "../socket/client.ts";
import type { Request, SessionStatusNow } from "../socket/protocol.ts";
import type { SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import type { Inbox } from "./inbox.ts";
import type { Words } from "./obey-word.ts";
import type { SessionAttendant } from "./session-attendant.ts";

/** What a worker does for its commands. */
export interface Serving {
  readonly paths: SessionPaths;
  readonly log: SessionLog;
  readonly attendant: SessionAttendant;
  readonly inbox: Inbox;
  readonly words: Words;
  status(): Promise<SessionStatusNow>;
  /** It ends, whatever there is to do: another worker has to do it. */
  leaving(): boolean;
  /** Something may have to be done now. */
  wake(): void;
  stop(): void;
  /** Lets go of the thread unless there is work; true when it did. */
  giveWay(): Promise<boolean>;
}

/**
 * Answers a request. Who reaches the socket need not be a command of ours: what a request can do by itself is to read, and to ring for
 * what lies in the session's folder.
 * @throws AskCodexError with what the command is to be told
 */
export async function handleRequest(request: Request, serving: Serving): Promise<unknown> {
  const { inbox } = serving;
  switch (request.type) {
    case "status":
    case "watch":
      return serving.status();
    case "deliver": {
      if (serving.leaving()) throw new WorkerGone(false);
      const delivery = await inbox.deliver(request.message_id);
      serving.wake();
      return delivery;
    }
    case "word":
      return serving.words.obey(request.word_id, serving);
  }
}
