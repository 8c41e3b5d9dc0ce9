import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { type RedisOptions as ClientOptions, Redis } from "ioredis";
import { TEST_RUN_MARKER, testRun } from "../setup/test-run.ts";
import { tempFolder } from "../temp-folder.ts";
import { until } from "../until.ts";

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** Every key there is. */
  keys(): Promise<readonly string[]>;
  /** Ends it, hard. */
  stop(): Promise<void>;
  /** The same, and starts it again on what it had on its disk. */
  restart(): Promise<void>;
}

type Access = Pick<ClientOptions, "password" | "tls">;

interface RedisOptions {
  readonly password?: string;
  /** Files of a certificate for 127.0.0.1 and its key: only TLS is spoken. */
  /** When a write is on the disk: before it is answered (the default), or within a second, as Redis itself would have it. */
  readonly fsync?: "always" | "everysec";
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Debian's redis-server on loopback, with a log of every write on its disk; it is gone at the end of the scope, and with this process. */
export async function startRedis({ password, tls, fsync = "always" }: RedisOptions = {}): Promise<RedisServer> {
  const folder = await tempFolder();
  const port = await freePort();
  const url = `redis${tls === undefined ? "" : "s"}://127.0.0.1:${port}`;
  const access: Access = {
    ...(password !== undefined && { password }),
    ...(tls && { tls: { ca: readFileSync(tls.cert) } }),
  };
  const data = join(folder.path, "data");
  await mkdir(data);
  const ports =
    tls === undefined
      ? ["--port", `${port}`]
      : [
          ...["--port", "0", "--tls-port", `${port}`, "--tls-auth-clients", "no"],
          ...["--tls-cert-file", tls.cert, "--tls-key-file", tls.key],
        ];
  const log = ["--save", "", "--appendonly", "yes", "--appendfsync", fsync, "--dir", data];
  const secret = password === undefined ? [] : ["--requirepass", password];
  const flags = ["--bind", "127.0.0.1", ...ports, ...log, ...secret];
  const begin = async () => {
    const env = { PATH: process.env["PATH"] ?? "", [TEST_RUN_MARKER]: testRun() };
    const child = spawn("redis-server", flags, { env, stdio: "ignore" });
    const release = endWithUs(child, env);
    await Promise.race([answering(url, access), failed(child)]);
    return { child, release };
  };
  let running = await begin();
  const end = async (signal: NodeJS.Signals) => {
    await ended(running.child, signal);
    running.release();
  };
  return {
    url,
    keys: () => withClient(url, access, (client) => client.keys("*")),
    stop: () => end("SIGKILL"),
    async restart() {
      await end("SIGKILL");
      running = await begin();
    },
    async [Symbol.asyncDispose]() {
      await end("SIGTERM");
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function answering(url: string, access: Access): Promise<void> {
  await until(() => withClient(url, access, (client) => client.ping()).catch(() => undefined));
}

async function withClient<T>(url: string, access: Access, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    ...access,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function failed(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once("error", (cause) =>
      reject(new Error("This test needs redis-server: install it (Debian: apt-get install redis-server).", { cause })),
    );
    child.once("exit", (code, signal) => reject(new Error(`redis-server ended: ${code ?? signal}`)));
  });
}

/** A shell beside the server, which no signal to our group reaches: it ends the server when this process is gone and the pipe is closed. The function sends the shell home. */
function endWithUs({ pid }: ChildProcess, env: NodeJS.ProcessEnv): () => void {
  const words = ["-c", 'read -r line || kill -KILL "$1"', "guard", `${pid ?? ""}`];
  const guard = spawn("sh", words, { env, stdio: ["pipe", "ignore", "ignore"], detached: true });
  return () => void (guard.stdin.writableEnded || guard.stdin.end("over\n"));
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
