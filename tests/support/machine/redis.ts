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
  /** Ends it, hard, and starts it again on what it had on its disk. */
  restart(): Promise<void>;
}

/** Debian's redis-server on loopback, with a log of every write on its disk; it is gone at the end of the scope. */
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
    await Promise.race([answering(url, password), failed(child)]);
    return child;
  };
  let child = await begin();
  return {
    url,
    keys: () => withClient(url, password, (client) => client.keys("*")),
    async restart() {
      await end(child, "SIGKILL");
      child = await begin();
    },
    async [Symbol.asyncDispose]() {
      await end(child, "SIGTERM");
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

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
