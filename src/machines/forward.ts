import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { loggingIn } from "./gate.ts";
import type { Machine } from "./machine.ts";
import { sshWords } from "./ssh.ts";

/** A way to a port of the machine's loopback. Who comes in here without the exec-server's token gets nothing. */
export interface Forward {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `lose` is called when ssh ends under a connection. Codex would connect again and go on with its command, where the exec-server has lived
 * on; that nothing was lost between cannot be seen from here.
 */
export async function forwardTo(machine: Machine, port: number, lose: () => void): Promise<Forward> {
  const sockets = new Set<Socket>();
  const server = createServer(async (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const [program = "", ...args] = sshWords(machine, "-W", `127.0.0.1:${port}`);
    const child = await loggingIn(machine, { program, args, stderr: false }).catch(() => null);
    if (child === null) {
      lose();
      socket.destroy();
      return;
    }
    if (socket.destroyed) child.kill();
    // Before it is passed on: Codex closes its side as soon as it gets it.
    child.stdout.on("end", () => {
      if (!socket.destroyed && !socket.readableEnded) lose();
    });
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
    for (const end of [child, child.stdin]) end.on("error", () => {});
    child.on("exit", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      child.kill();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `ws://127.0.0.1:${own}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) {
        sockets.delete(socket);
        socket.destroy();
      }
      await closed;
    },
  };
}
