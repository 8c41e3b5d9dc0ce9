import type { SessionStatusNow } from "../socket/protocol.ts";
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
  /** It ends, whatever there is to do: another worker must do it. */
  leaving(): boolean;
  /** Something may have to be done now. */
  wake(): void;
  stop(): void;
  /** Lets go of the thread unless there is work; true when it did. */
  giveWay(): Promise<boolean>;
}
