import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { createSession } from "../../src/broker/create-session.ts";
import { readQueue } from "../../src/broker/message.ts";
import { PLAIN } from "../../src/broker/message-options.ts";
import { SessionAttendant } from "../../src/broker/session-attendant.ts";
import { openSessionLog } from "../../src/broker/session-log.ts";
import { sessionPaths } from "../../src/broker/session-paths.ts";
import { type RunContext, takeMessage } from "../../src/broker/take-message.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { OPTIONS } from "./samples.ts";

test("a message that its sender has taken back does not run", async () => {
  await using root = await tempFolder();
  const options = { ...OPTIONS, workspace: root.path, sharedWorktree: true };
  const paths = sessionPaths(await createSession(root.path, { options, message: "Begin", own: PLAIN }));
  const [message] = readQueue(paths.queue).waiting;
  if (message === undefined) throw new Error("nothing is queued");
  await rm(message.file);
  const log = openSessionLog(paths);
  // It is never looked at.
  const context = {} as RunContext;
  await takeMessage(message, log, paths, context, new SessionAttendant(log));
  expect(log.state).toMatchObject({ run: null, lastRun: null });
  log.close();
});
