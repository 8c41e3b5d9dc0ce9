import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { openParcels } from "../../../src/fleet/batch/parcels.ts";
import { receiveFiles } from "../../../src/fleet/batch/receive.ts";
import { connectRedis } from "../../../src/fleet/engine/redis.ts";
import { shelfOn } from "../../../src/fleet/engine/shelf.ts";
import { makeQueueKey, readQueueKey } from "../../../src/fleet/seal/queue-key.ts";
import { findWorkTree } from "../../../src/workspace/git/find-work-tree.ts";
import { type Asking, startAsk } from "../../support/ask.ts";
import { git, initRepository } from "../../support/git/git.ts";
import { type RedisServer, startRedis } from "../../support/machine/redis.ts";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { ROOT } from "../../support/paths.ts";
import { PROGRAM, SETUP } from "../../support/programs.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { figure, type Row, ratio } from "../rows.ts";

// As long as a short turn of a real model takes.
const TURN_S = 6;
const WORKERS = [1, 3, 10];
const MOST_ROUNDS = 3;
const FILES = 5_000;

/** A task a worker over a queue, against as many at once on this machine; and what a killed worker and the files cost. */
export const fleet: Benchmark = {
  name: "fleet",
  title: `a batch over a queue, a task of ${TURN_S} s for each worker`,
  run: ({ runs, signal }) =>
    inWorld({ signal, script }, async (world) => {
      // As Redis itself would have it: `always` measures the disk.
      await using redis = await startRedis({ fsync: "everysec" });
      const key = join(world.home, "key");
      await mkdir(world.home, { recursive: true });
      makeQueueKey(key);
      const queue = ["--queue", redis.url, "--queue-key", key];
      const rows: Row[] = [];
      // The files of this repository, there and back: a few of them cost git's start and the checkout.
      const own = await transferred(redis, key, world.workspace);
      for (const count of WORKERS) {
        const workers = await started(world, queue, count);
        const whole = (args: readonly string[]) => ({
          ...{ command: PROGRAM, cwd: world.workspace, env: world.env },
          args: ["batch", ...args, "--parallel", String(count), "--merge", "branch", "--quiet"],
        });
        const plan = await planOf(world.home, count);
        const samples = await contest(
          {
            here: async () => (await measureExit(0, whole([plan]), signal)).ms,
            queue: async () => (await measureExit(0, whole([plan, ...queue]), signal)).ms,
          },
          Math.min(runs, MOST_ROUNDS),
          { warmUp: false },
        );
        await ended(workers);
        rows.push(
          figure(`${count} on this machine`, "ms", samples.here),
          figure(`${count} over a queue, ${count} workers`, "ms", samples.queue),
          ratio(`${count} workers : this machine`, samples.queue, samples.here),
          ratio(
            `${count} workers : this machine, beside the transfer`,
            samples.queue.map((ms) => ms - own.ms),
            samples.here,
            1.1,
          ),
        );
      }
      await using folder = await tempFolder();
      const transfer = await transferred(redis, key, await manyFiles(folder.path));
      return [
        ...rows,
        figure("a worker killed: its task is another's after", "s", [await takenOver(world, queue)], 30),
        figure(`${FILES} files through the queue`, "ms", [transfer.ms]),
        figure(`${FILES} files, as they lie there`, "MB", [transfer.bytes / 1_000_000]),
        figure("the engine (BullMQ, ioredis) in the programs, loaded by these commands alone", "KB", [
          (await engineBytes()) / 1_000,
        ]),
      ];
    }),
};

async function started(world: World, queue: readonly string[], count: number): Promise<readonly Asking[]> {
  const workers = Array.from({ length: count }, (_, at) => {
    const env = { ASK_CODEX_HOME: join(world.home, "machines", String(at)) };
    return startAsk(world, ["worker", ...queue], { program: SETUP, cwd: world.home, env });
  });
  for (const { stderrLine } of workers) await stderrLine("takes tasks");
  return workers;
}

async function ended(workers: readonly Asking[]): Promise<void> {
  for (const { child } of workers) child.kill("SIGTERM");
  for (const { done } of workers) await done;
}

/** In seconds, from SIGKILL until the other worker has the task. */
async function takenOver(world: World, queue: readonly string[]): Promise<number> {
  const batch = startAsk(world, ["batch", await planOf(world.home, 1), ...queue, "--merge", "branch"]);
  const [killed] = await started(world, queue, 1);
  if (killed === undefined) throw new Error("no worker");
  await killed.stderrLine("takes t0");
  killed.child.kill("SIGKILL");
  const since = performance.now();
  await killed.done;
  const [other] = await started(world, queue, 1);
  await other?.stderrLine("takes t0");
  const seconds = (performance.now() - since) / 1_000;
  await batch.done;
  await ended(other === undefined ? [] : [other]);
  return seconds;
}

/** A repository of thousands of files. */
async function manyFiles(folder: string): Promise<string> {
  const lines = (at: number) => Array.from({ length: 40 }, (_, row) => `${Math.sin(at + row / 41)}\n`).join("");
  const files = Object.fromEntries(Array.from({ length: FILES }, (_, at) => [`src/${at % 50}/${at}.txt`, lines(at)]));
  const from = join(folder, "from");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(from, path)), { recursive: true });
    await writeFile(join(from, path), text);
  }
  initRepository(from, files);
  return from;
}

/** What the build makes of the engine, without the stores that it could use as well. */
async function engineBytes(): Promise<number> {
  const entryPoints = ["claims", "offers"].map((name) => join(ROOT, "src", "fleet", "engine", `${name}.ts`));
  const external = ["@valkey/valkey-glide", "pg", "redis", "bullmq-otel", "supports-color"];
  const { outputFiles } = await build({
    ...{ entryPoints, external, bundle: true, splitting: true, format: "esm", platform: "node" },
    ...{ minifySyntax: true, minifyWhitespace: true, write: false, outdir: "engine" },
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}

/** From a commit to a work tree at a worker. */
async function transferred(
  { url }: RedisServer,
  keyFile: string,
  from: string,
): Promise<{ readonly ms: number; readonly bytes: number }> {
  await using folder = await tempFolder();
  const base = await git(from, "rev-parse", "HEAD");
  const tree = await findWorkTree(from);
  if (tree === undefined) throw new Error("no repository");
  const key = readQueueKey(keyFile);
  const redis = await connectRedis({ url });
  const shelf = shelfOn({ redis, key });
  try {
    const begun = performance.now();
    const scratch = join(folder.path, "scratch");
    const parcels = openParcels({ tree, shelf, key, batch: "b", base, folder: scratch, limit: 2 ** 28 });
    const asks = {
      sandbox: "read-only",
      network: false,
      writes: null,
      model: null,
      config: [],
      commands: [],
      timeout: 60,
    } as const;
    const offer = {
      batch: "b",
      task: "t",
      attempt: "t.1",
      expires: 0,
      files: await parcels(base),
      ...asks,
      work: null,
    };
    const there = join(folder.path, "there");
    await mkdir(there);
    await receiveFiles(there, offer, { shelf, key, remote: null, signal: new AbortController().signal });
    const ms = performance.now() - begun;
    const sealed = await Promise.all(offer.files.parcels.map((name) => shelf.get("b", name)));
    return { ms, bytes: sealed.reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0) };
  } finally {
    await shelf.clear("b");
    redis.disconnect();
  }
}

function script({ body }: ModelRequest) {
  return body.input.at(-1)?.type === "function_call_output"
    ? say("Done.")
    : run(`sleep ${TURN_S}; touch file-$(date +%N).txt`);
}

async function planOf(folder: string, size: number): Promise<string> {
  const path = join(folder, `plan-${size}.json`);
  const tasks = Array.from({ length: size }, (_, at) => ({ id: `t${at}`, prompt: "Do it." }));
  await writeFile(path, JSON.stringify({ tasks }));
  return path;
}
