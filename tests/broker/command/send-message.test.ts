import { appendFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../src/broker/command/create-session.ts";
import { sendMessage } from "../../../src/broker/command/send-message.ts";
import type { Request } from "../../../src/broker/socket/protocol.ts";
import { listenIn } from "../../../src/broker/socket/server.ts";
import { PLAIN } from "../../../src/broker/store/plain-options.ts";
import { type SessionPaths, sessionPaths } from "../../../src/broker/store/session-paths.ts";
import { AskCodexError } from "../../../src/errors.ts";
import { event, finished, OPTIONS } from "../../support/samples/session.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** A session that nothing waits in, and a way to send it something. */
async function newSession() {
  const state = await tempFolder();
  const root = join(state.path, "sessions");
  const options = { ...OPTIONS, workspace: state.path, sharedWorktree: true };
  const folder = await createSession(root, { options, message: "Begin", own: PLAIN });
  const paths = sessionPaths(folder);
  const queue = async () => (await readdir(paths.queue)).map((name) => join(paths.queue, name));
  for (const file of await queue()) await rm(file);
  const sending = { text: "More", mode: "queue", key: "k", options: PLAIN } as const;
  const program = { program: "/bin/true", args: [], env: {} };
  return {
    ...{ paths, queue },
    send: () => sendMessage(folder, sending, program, state.path).catch((error: unknown) => error),
    [Symbol.asyncDispose]: () => state[Symbol.asyncDispose](),
  };
}

/** A worker that refuses whatever is delivered, after this has happened. */
async function refusing({ folder }: SessionPaths, first: (id: string) => Promise<unknown> = async () => {}) {
  const before = process.cwd();
  const server = await listenIn(folder, async (request: Request) => {
    await first(request.type === "deliver" ? request.message_id : "");
    throw new AskCodexError("internal", "no room");
  });
  return {
    async [Symbol.asyncDispose]() {
      await server.close();
      process.chdir(before);
    },
  };
}

describe("a send that fails leaves nothing queued", () => {
  test("when the worker refuses the message", async () => {
    await using session = await newSession();
    await using _worker = await refusing(session.paths);
    expect(await session.send()).toMatchObject({ kind: "internal", message: "no room" });
    expect(await session.queue()).toEqual([]);
  });

  test("when no worker can be launched, and the next one is the only one", async () => {
    await using session = await newSession();
    // Its log is opened first: nothing starts.
    await mkdir(session.paths.workerLog);
    expect(await session.send()).toMatchObject({ kind: "internal", message: expect.stringContaining("is a folder") });
    expect(await session.queue()).toEqual([]);
    await rm(session.paths.workerLog, { recursive: true });
    expect(await session.send()).toMatchObject({ delivered: "queued", pending_count: 1 });
    expect(await session.queue()).toHaveLength(1);
  });
});

describe("a message that a worker has begun with stays sent, whatever went wrong then", () => {
  const queued = { delivered: "queued", recovered: false };

  test("while it runs", async () => {
    await using session = await newSession();
    const started = (id: string) => event("run_started", { run_id: "run", message: "More", message_id: id });
    await using _worker = await refusing(session.paths, (id) => note(session.paths, started(id)));
    expect(await session.send()).toMatchObject({ ...queued, pending_count: 1 });
    expect(await session.queue()).toHaveLength(1);
  });

  test("when it is through with it", async () => {
    await using session = await newSession();
    await using _worker = await refusing(session.paths, async (id) => {
      await note(session.paths, finished({ message_id: id }));
      for (const file of await session.queue()) await rm(file);
    });
    expect(await session.send()).toMatchObject({ ...queued, pending_count: 0 });
  });
});

async function note({ events }: SessionPaths, happened: object): Promise<void> {
  await appendFile(events, `${JSON.stringify(happened)}\n`);
}
