import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { openJournal } from "../../files/journal.ts";
import { newId } from "../../files/state-paths.ts";
import { syncFolder } from "../../files/sync-folder.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { enqueue } from "../store/enqueue.ts";
import type { MessageOptions } from "../store/message-options.ts";
import { openSessionLog } from "../store/session-log.ts";
import type { SessionOptions } from "../store/session-options.ts";
import { sessionPaths } from "../store/session-paths.ts";
import { asOnlyWriter } from "./busy-writer.ts";

export interface NewSession {
  readonly options: SessionOptions;
  readonly message: string;
  readonly own: MessageOptions;
}

/**
 * Makes a session with its first message; nothing runs yet. When this returns, both outlive the machine; when it fails, nothing is
 * left. `prepare` makes the session a work tree of its own in the new folder, and says what its options become by it.
 * @throws AskCodexError `session_busy` when another session writes in the same work tree
 */
export async function createSession(
  root: string,
  { options, message, own }: NewSession,
  prepare: ((folder: string) => Promise<SessionOptions>) | null = null,
): Promise<string> {
  const folder = join(root, newId());
  const make = async () => {
    const paths = sessionPaths(folder);
    await makePrivateFolder(folder);
    try {
      const journal = openJournal(paths.events, { durable: true });
      try {
        journal.append("session_started", {
          broker_id: basename(folder),
          options: (await prepare?.(folder)) ?? options,
        });
      } finally {
        journal.close();
      }
      enqueue(paths.queue, { message_id: newId(), message, mode: "queue", key: null, options: own });
      const log = openSessionLog(paths);
      log.say("Broker session created");
      await log.publish();
      log.close();
      for (const above of [folder, root]) syncFolder(above);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return folder;
  };
  const reads = options.plan.sandbox.mode === "read-only" && options.orchestration === null;
  const shares = options.sharedWorktree || prepare !== null || reads;
  return shares ? make() : asOnlyWriter(root, options.workspace, make);
}
