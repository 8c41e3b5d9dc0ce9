import { writeWhole } from "../../files/write-whole.ts";
import { WorkerGone } from "../socket/client.ts";
import type { Request, SessionStatusNow } from "../socket/protocol.ts";
import type { SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import type { Inbox } from "./inbox.ts";
import type { SessionAttendant } from "./session-attendant.ts";

/** What a worker does for its commands. */
export interface Serving {
  readonly paths: SessionPaths;
  readonly log: SessionLog;
  readonly attendant: SessionAttendant;
  readonly inbox: Inbox;
  status(): Promise<SessionStatusNow>;
  /** It ends, whatever there is to do: another worker has to do it. */
  leaving(): boolean;
  /** Something may have to be done now. */
  wake(): void;
  stop(): void;
  /** Lets go of the thread unless there is work; true when it did. */
  giveWay(): Promise<boolean>;
}

/** @throws AskCodexError with what the command is to be told */
export async function handleRequest(request: Request, serving: Serving): Promise<unknown> {
  const { log, attendant, inbox, paths } = serving;
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
    case "answer":
      return attendant.answerQuestion(request.text, request.question, null);
    case "decide":
      return attendant.decide(request.approved, request.reason);
    case "resume":
      if (serving.leaving()) throw new WorkerGone(false);
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
    case "yield":
      return { yielded: await serving.giveWay() };
  }
}
