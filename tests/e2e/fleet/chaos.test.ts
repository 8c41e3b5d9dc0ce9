import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect } from "vitest";
import { type Asking, startAsk } from "../../support/ask.ts";
import { startRedis } from "../../support/machine/redis.ts";
import { obedient, repositoryFacts, startBatch } from "../../support/model/batches.ts";
import { dags, dagTask, expectFiles, expectOrder, readEvents } from "../../support/model/dags.ts";
import { IS_LIMITED, testAtRandom } from "../../support/trials.ts";
import { createWorld } from "../../support/world.ts";
import { fleetIn, listed } from "./fleet.ts";

const SIZE = IS_LIMITED ? 80 : 200;
const PARALLEL = 6;
const POISON = "poison";

/** So many of all tasks. */
const part = (share: number) => Math.round(SIZE * share);

const drawn = fc.record({
  graph: dags(SIZE - 1),
  // Late ones: what they block must leave enough to do after the last kill.
  failing: fc.uniqueArray(fc.integer({ min: part(0.75), max: SIZE - 2 }), { minLength: 3, maxLength: 6 }),
});

testAtRandom(
  `${SIZE} tasks over three workers that are killed and stopped, with a server and a coordinator that end: each comes out once, as an independent scheduler says`,
  { change: 0, full: 1, timeout: 3_600_000, shrinks: false },
  drawn,
  async ({ graph, failing }) => {
    await using redis = await startRedis();
    await using world = await createWorld({ files: { "README.md": "r\n" }, script: obedient });
    const { queue, worker, state } = await fleetIn(world, redis);
    const policy = join(world.home, "policy.yaml");
    writeFileSync(policy, "commands: any\n");
    const before = await repositoryFacts(world);
    const bad = new Set([...failing.map((at) => `t${at}`), POISON]);
    const tasks = [{ id: POISON, after: [], prompt: "RUN: sleep 60" }, ...graph].map((node) => ({
      ...("prompt" in node ? node : dagTask(node)),
      ...(bad.has(node.id) && { verify_cmd: "false", verify_rounds: 0 }),
    }));

    // Whoever takes the poisoned task is dead at once, and its machine has a new worker.
    const workers = new Map<string, Asking>();
    const start = (name: string) => {
      const started = worker(name, "--policy", policy);
      workers.set(name, started);
      started.child.stderr?.on("data", (text: Buffer) => {
        if (text.includes(`takes ${POISON}.`)) void replace(name);
      });
    };
    const replace = async (name: string) => {
      const killed = workers.get(name);
      killed?.child.kill("SIGKILL");
      await killed?.done;
      start(name);
    };
    for (const name of ["one", "two", "three"]) start(name);
    try {
      await using first = startBatch(world, { tasks }, [...queue, "--parallel", String(PARALLEL)]);
      let home = world.state;
      const finished = async (count: number) => {
        for (;;) {
          const ids = readEvents(home).filter(({ type }) => type === "task_finished");
          if (ids.length >= count) return;
          expect(first.child.exitCode).toBeNull();
          await sleep(200);
        }
      };
      await first.stderrLine(`: ${SIZE} tasks`);
      await finished(part(0.15));
      const asleep = workers.get("two");
      asleep?.child.kill("SIGSTOP");
      await finished(part(0.3));
      asleep?.child.kill("SIGCONT");
      await finished(part(0.4));
      await replace("three");
      await finished(part(0.5));
      await redis.restart();
      await finished(part(0.65));
      first.child.kill("SIGKILL");
      const id = /batch (\S+):/.exec((await first.done).stderr)?.[1] ?? "";
      home = state("elsewhere");
      const ended = await startAsk(world, ["batch", "--resume", id, ...queue], { env: { ASK_CODEX_HOME: home } }).done;
      expect(ended.code, ended.stderr).toBe(1);

      const wanted = scheduled(tasks, bad);
      const found = resultOf(home, id);
      expect(Object.fromEntries(found.map(({ id: name, status }) => [name, wordFor(status)]))).toEqual(wanted);
      expect(found.find(({ id: name }) => name === POISON)?.result).toMatchObject({ error_kind: "worker_lost" });
      const clean = found.filter((task) => task.clean).map(({ id: name }) => name);
      expectFiles(world, graph, clean);
      const events = readEvents(home);
      expectOrder(events, tasks, PARALLEL);
      const ends = events.flatMap(({ type, payload }) => (type === "task_finished" ? [payload.id] : []));
      expect(ends.toSorted()).toEqual(
        Object.entries(wanted)
          .flatMap(([name, how]) => (how === "blocked" ? [] : [name]))
          .toSorted(),
      );
      const { "status --porcelain": status = "", ...facts } = await repositoryFacts(world);
      expect({ ...facts, "status --porcelain": "" }).toEqual(before);
      expect(status.split("\n").toSorted()).toEqual(clean.map((name) => `?? ${name}.txt`).toSorted());
    } finally {
      for (const { child } of workers.values()) child.kill("SIGTERM");
      for (const { done } of workers.values()) await done;
    }
    expect(await redis.keys()).toEqual([]);
    for (const name of ["one", "two", "three"]) {
      expect(await listed(join(state(name), "fleet", "workers"))).toEqual([]);
      expect(await listed(join(state(name), "worktrees"))).toEqual([]);
    }
  },
);

/** Written without a look at ours: what each task comes to, from the plan alone. */
function scheduled(
  tasks: readonly { readonly id: string; readonly after: readonly string[] }[],
  bad: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const ends: Record<string, string> = {};
  for (const { id, after } of tasks) {
    const free = after.every((name) => ends[name] === "clean");
    ends[id] = free ? (bad.has(id) ? "failed" : "clean") : "blocked";
  }
  return ends;
}

const wordFor = (status: string) => (status === "completed" ? "clean" : status === "blocked" ? "blocked" : "failed");

interface Ended {
  readonly id: string;
  readonly status: string;
  readonly clean: boolean;
  readonly result: object | null;
}

function resultOf(state: string, id: string): readonly Ended[] {
  return JSON.parse(readFileSync(join(state, "batches", id, "result.json"), "utf8")).tasks;
}
