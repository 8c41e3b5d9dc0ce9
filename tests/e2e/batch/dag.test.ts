import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { batch, obedient, repositoryFacts } from "../../support/model/batches.ts";
import { testAtRandom } from "../../support/trials.ts";
import { createWorld } from "../../support/world.ts";

const PARALLEL = 4;

/** A DAG of this many tasks: each waits for up to three before it. */
const plans = (size: number) =>
  fc
    .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size })
    .map((picks) =>
      picks.map((pick, at) => ({ id: `t${at}`, after: [...new Set(at === 0 ? [] : pick.map((n) => `t${n % at}`))] })),
    );

for (const { size, change } of [
  { size: 6, change: 1 },
  { size: 50, change: 0 },
]) {
  testAtRandom(
    `${size} tasks of a random DAG each begin with what they wait for, and all of it arrives`,
    { change, full: 1, timeout: 1_800_000, shrinks: false },
    plans(size),
    async (graph) => {
      await using world = await createWorld({ files: { "README.md": "r\n" }, script: obedient });
      const before = await repositoryFacts(world);
      // Each file has the names of all that its task is built on: a task that began too early would lack some.
      const tasks = graph.map(({ id, after }) => ({
        ...{ id, after, files: [`${id}.txt`] },
        prompt: `RUN: cat /dev/null ${after.map((name) => `${name}.txt`).join(" ")} | sort -u > ${id}.txt && echo ${id} >> ${id}.txt`,
      }));
      const ended = await batch(world, { tasks }, ["--parallel", String(PARALLEL)]);
      expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, `${size}/${size}`]);
      expect(Buffer.byteLength(ended.stdout)).toBeLessThan(4_096);
      for (const { id, after } of graph) {
        const wanted = new Set(after);
        for (const name of wanted) for (const more of graph[Number(name.slice(1))]?.after ?? []) wanted.add(more);
        const lines = readFileSync(join(world.workspace, `${id}.txt`), "utf8")
          .trimEnd()
          .split("\n");
        expect(lines.toSorted()).toEqual([...wanted, id].toSorted());
      }
      expectOrder(readEvents(world.state), graph);
      const { "status --porcelain": status, ...facts } = await repositoryFacts(world);
      const { "status --porcelain": _, ...unchanged } = before;
      expect(facts).toEqual(unchanged);
      expect(status?.split("\n")).toHaveLength(size);
    },
  );
}

interface Event {
  readonly type: string;
  readonly payload: { readonly id: string; readonly slot: number };
}

function readEvents(state: string): readonly Event[] {
  const [id = ""] = readdirSync(join(state, "batches"));
  const lines = readFileSync(join(state, "batches", id, "events.jsonl"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** An independent look: nothing began before what it waits for had ended, no slot was used twice at once, never too many ran. */
function expectOrder(
  events: readonly Event[],
  graph: readonly { readonly id: string; readonly after: readonly string[] }[],
): void {
  const ended = new Set<string>();
  const slots = new Map<string, number>();
  for (const { type, payload } of events) {
    if (type === "task_started") {
      const { after = [] } = graph.find(({ id }) => id === payload.id) ?? {};
      expect(after.filter((name) => !ended.has(name))).toEqual([]);
      expect([...slots.values()]).not.toContain(payload.slot);
      slots.set(payload.id, payload.slot);
      expect(slots.size).toBeLessThanOrEqual(PARALLEL);
    } else if (type === "task_finished") {
      expect(ended.has(payload.id)).toBe(false);
      ended.add(payload.id);
      slots.delete(payload.id);
    }
  }
  expect(ended.size).toBe(graph.length);
}
