import { stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { call, connectWorker, WorkerGone } from "../../../src/broker/socket/client.ts";
import { PROTOCOL } from "../../../src/broker/socket/connect-in.ts";
import type { Request } from "../../../src/broker/socket/protocol.ts";
import { listenIn } from "../../../src/broker/socket/server.ts";
import { SOCKET } from "../../../src/broker/store/session-paths.ts";
import { AskCodexError, UsageError } from "../../../src/errors.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const anything = z.unknown();

/** A worker that does nothing but answer. */
async function listening(handle: (request: Request) => Promise<unknown>) {
  const before = process.cwd();
  const folder = await tempFolder();
  const server = await listenIn(folder.path, handle);
  return {
    ...{ server, folder: folder.path },
    async [Symbol.asyncDispose]() {
      await server.close();
      process.chdir(before);
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("requests and answers find each other, whatever the order; the socket is its owner's alone", async () => {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await using worker = await listening(async (request) => {
    if (request.type === "status") await held;
    return { asked: request.type };
  });
  expect((await stat(join(worker.folder, SOCKET))).mode & 0o777).toBe(0o600);
  const client = await connectWorker(worker.folder);
  const slow = client?.call({ type: "status" }, anything);
  expect(await client?.call({ type: "watch" }, anything)).toEqual({ asked: "watch" });
  release();
  expect(await slow).toEqual({ asked: "status" });
  client?.close();
});

test("what the worker has against a request comes as it was thrown; what it did not expect is internal", async () => {
  await using worker = await listening(async (request) => {
    if (request.type === "watch") throw new TypeError("oh");
    throw new UsageError("Nothing is asked.", "Wait.");
  });
  const refused = await call(worker.folder, { type: "status" }, anything).catch((error) => error);
  expect(refused).toBeInstanceOf(AskCodexError);
  expect(refused).toMatchObject({ kind: "usage", message: "Nothing is asked.", hint: "Wait." });
  expect(await call(worker.folder, { type: "watch" }, anything).catch((error) => error)).toMatchObject({
    ...{ kind: "internal", message: "oh" },
  });
});

test("a command of a newer version, and an answer of another form, are told as such", async () => {
  await using worker = await listening(async () => ({ asked: 1 }));
  const answer = await raw(worker.folder, `${JSON.stringify({ v: PROTOCOL + 1, id: 7, type: "brand_new" })}\n`);
  expect(JSON.parse(answer)).toMatchObject({
    id: 7,
    error: { kind: "protocol", hint: expect.stringContaining("stop") },
  });
  const other = z.object({ yielded: z.boolean() });
  const misread = await call(worker.folder, { type: "status" }, other).catch((error) => error);
  expect(misread).toMatchObject({ kind: "protocol", hint: expect.stringContaining("codex_broker stop") });
});

test("who speaks nonsense is hung up on, and nobody else notices", async () => {
  await using worker = await listening(async () => ({ asked: 1 }));
  const client = await connectWorker(worker.folder);
  expect(await raw(worker.folder, "GET / HTTP/1.1\n")).toBe("");
  expect(await client?.call({ type: "status" }, anything)).toEqual({ asked: 1 });
  client?.close();
});

test("those who watch, and only those, hear what is pushed; leaving is allowed at any time", async () => {
  await using worker = await listening(async () => ({ asked: 1 }));
  const clients = [await connectWorker(worker.folder), await connectWorker(worker.folder)];
  const heard: unknown[] = [];
  for (const [index, client] of clients.entries()) client?.onPush((status) => heard.push({ index, status }));
  expect(worker.server.watched).toBe(false);
  await clients[0]?.call({ type: "watch" }, anything);
  await clients[1]?.call({ type: "status" }, anything);
  worker.server.push({ now: 1 });
  await clients[0]?.call({ type: "status" }, anything);
  expect(heard).toEqual([{ index: 0, status: { now: 1 } }]);
  clients[0]?.close();
  worker.server.push({ now: 2 });
  expect(await clients[1]?.call({ type: "status" }, anything)).toEqual({ asked: 1 });
  clients[1]?.close();
});

test("one that hangs up in the middle is gone, and so is one that is not there, or left its socket", async () => {
  const gone = (error: unknown) => error instanceof WorkerGone && !error.silent;
  {
    await using worker = await listening(async () => {
      throw new WorkerGone();
    });
    expect(gone(await call(worker.folder, { type: "status" }, anything).catch((error) => error))).toBe(true);
    const client = await connectWorker(worker.folder);
    await worker.server.close();
    await client?.closed;
    expect(gone(await client?.call({ type: "status" }, anything).catch((error) => error))).toBe(true);
  }
  await using folder = await tempFolder();
  expect(await connectWorker(folder.path)).toBeNull();
  expect(await connectWorker(join(folder.path, "nowhere"))).toBeNull();
});

/** What comes back for these bytes until the other side is done with them. */
async function raw(folder: string, bytes: string): Promise<string> {
  const before = process.cwd();
  process.chdir(folder);
  const socket = connect(SOCKET);
  process.chdir(before);
  socket.write(bytes);
  return new Promise((resolve, reject) => {
    socket.on("data", (chunk) => {
      resolve(chunk.toString("utf8"));
      socket.destroy();
    });
    socket.on("close", () => resolve(""));
    socket.on("error", reject);
  });
}
