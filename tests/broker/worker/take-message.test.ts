import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { createSession } from "../../../src/broker/command/create-session.ts";
import { readQueue } from "../../../src/broker/store/message.ts";
import { PLAIN } from "../../../src/broker/store/plain-options.ts";
import { openSessionLog } from "../../../src/broker/store/session-log.ts";
import { sessionPaths } from "../../../src/broker/store/session-paths.ts";
import { SessionAttendant } from "../../../src/broker/worker/session-attendant.ts";
import { type RunContext, takeMessage } from "../../../src/broker/worker/take-message.ts";
import { OPTIONS } from "../../support/samples/session.ts";
import { tempFolder } from "../../support/temp-folder.ts";

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
  await takeMessage(message, { log, paths, context, attendant: new SessionAttendant(log), leading: null });
  expect(log.state).toMatchObject({ run: null, lastRun: null });
  log.close();
});
