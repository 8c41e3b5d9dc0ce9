import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { AskCodexError, asExpected } from "../../errors.ts";
import { lineSplitter } from "../../files/json-lines.ts";
import { PRIVATE_FILE } from "../../files/write-whole.ts";
import { SOCKET } from "../store/session-paths.ts";
import { WorkerGone } from "./client.ts";
import { PROTOCOL } from "./connect-in.ts";
import { errorReply, type Request, readRequest, VERSION_HINT } from "./protocol.ts";

export interface SocketServer {
  /** Tells everybody who watches. */
  push(status: unknown): void;
  readonly watched: boolean;
  /** No new connections; those that are open are answered and closed. Asked again, it is the same closing. */
  close(): Promise<void>;
}

/**
 * Listens in the session's folder, which only its owner can enter. The process works in that folder: a socket's path is short that
 * way. A socket that a dead worker has left is replaced: the caller holds the session.
 */
export async function listenIn(folder: string, handle: (request: Request) => Promise<unknown>): Promise<SocketServer> {
  const watchers = new Set<Socket>();
  const sockets = new Set<Socket>();
  process.chdir(folder);
  await rm(SOCKET, { force: true });
  const server = createServer((socket) => {
    sockets.add(socket);
    // A command that was killed breaks its connection; that concerns no one else.
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      watchers.delete(socket);
    });
    socket.on(
      "data",
      lineSplitter((line) => void answer(socket, line.toString("utf8")), { most: MAX_REQUEST_BYTES }),
    );
  });
  const answer = async (socket: Socket, line: string) => {
    const message = readRequest(line);
    if (message === null) return void socket.destroy();
    const { id } = message;
    try {
      if (message.type === "refused") throw new AskCodexError("protocol", message.message, { hint: VERSION_HINT });
      const result = await handle(message.request);
      if (message.request.type === "watch") watchers.add(socket);
      send(socket, { v: PROTOCOL, id, result });
    } catch (error) {
      if (error instanceof WorkerGone) return void socket.destroy();
      const known = asExpected(error);
      send(socket, errorReply(id, known));
    }
  };
  let closing: Promise<void> | undefined;
  server.listen(SOCKET);
  await once(server, "listening");
  await chmod(join(folder, SOCKET), PRIVATE_FILE);
  return {
    push(status) {
      for (const socket of watchers) send(socket, { v: PROTOCOL, push: status });
    },
    get watched() {
      return watchers.size > 0;
    },
    close() {
      closing ??= closeServer(server, sockets, join(folder, SOCKET));
      return closing;
    },
  };
}

// A request names what lies in the session's folder, and holds nothing itself.
const MAX_REQUEST_BYTES = 64 * 1024;

async function closeServer(server: Server, sockets: ReadonlySet<Socket>, path: string): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.end();
  await rm(path, { force: true });
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, CLOSE_LIMIT_MS);
  await closed;
  clearTimeout(timer);
}

// A command reads its answer at once; one that was stopped (SIGSTOP) must not keep the worker.
const CLOSE_LIMIT_MS = 500;

function send(socket: Socket, message: object): void {
  socket.write(`${JSON.stringify(message)}\n`);
}
