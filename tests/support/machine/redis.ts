import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
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

/** Debian's redis-server on loopback, with a log of every write on its disk; it is gone at the end of the scope, and with this process. */
export async function startRedis({ password }: { readonly password?: string } = {}): Promise<RedisServer> {
  const folder = await tempFolder();
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  await mkdir(join(folder.path, "data"));
  const flags = [
    "--bind",
    "127.0.0.1",
    "--port",
    `${port}`,
    "--save",
    "",
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
  ];
  const secret = password === undefined ? [] : ["--requirepass", password];
  const begin = async () => {
    const env = { PATH: process.env["PATH"] ?? "", [TEST_RUN_MARKER]: testRun() };
    const child = spawn("redis-server", [...flags, ...secret, "--dir", join(folder.path, "data")], {
      env,
      stdio: "ignore",
    });
    const release = endWithUs(child, env);
    await Promise.race([answering(url, password), failed(child)]);
    return { child, release };
  };
  let running = await begin();
  const end = async (signal: NodeJS.Signals) => {
    await ended(running.child, signal);
    running.release();
  };
  return {
    url,
    keys: () => withClient(url, password, (client) => client.keys("*")),
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

async function answering(url: string, password: string | undefined): Promise<void> {
  await until(() => withClient(url, password, (client) => client.ping()).catch(() => undefined));
}

async function withClient<T>(
  url: string,
  password: string | undefined,
  work: (client: Redis) => Promise<T>,
): Promise<T> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    ...(password === undefined ? {} : { password }),
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

/** A shell beside the server that ends it when this process is gone, which closes the pipe. The function sends the shell home. */
function endWithUs({ pid }: ChildProcess, env: NodeJS.ProcessEnv): () => void {
  const words = ["-c", 'read -r line || kill -KILL "$1"', "guard", `${pid ?? ""}`];
  const guard = spawn("sh", words, { env, stdio: ["pipe", "ignore", "ignore"] });
  return () => guard.stdin.end("over\n");
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
