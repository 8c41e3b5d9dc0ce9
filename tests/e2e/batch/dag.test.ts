import { expect } from "vitest";
import { batch, obedient, repositoryFacts } from "../../support/model/batches.ts";
import { dags, dagTask, expectFiles, expectOrder, readEvents } from "../../support/model/dags.ts";
import { testAtRandom } from "../../support/trials.ts";
import { createWorld } from "../../support/world.ts";

const PARALLEL = 4;

for (const { size, change } of [
  { size: 6, change: 0 },
  { size: 50, change: 0 },
]) {
  testAtRandom(
    `${size} tasks of a random DAG each begin with what they wait for, and all of it arrives`,
    { change, full: 1, timeout: 1_800_000, shrinks: false },
    dags(size),
    async (graph) => {
      await using world = await createWorld({ files: { "README.md": "r\n" }, script: obedient });
      const before = await repositoryFacts(world);
      const ended = await batch(world, { tasks: graph.map(dagTask) }, ["--parallel", String(PARALLEL)]);
      expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, `${size}/${size}`]);
      expect(Buffer.byteLength(ended.stdout)).toBeLessThan(4_096);
      const ids = graph.map(({ id }) => id);
      expectFiles(world, graph, ids);
      const events = readEvents(world.state);
      expectOrder(events, graph, PARALLEL);
      expect(events.filter(({ type }) => type === "task_finished")).toHaveLength(size);
      const { "status --porcelain": status, ...facts } = await repositoryFacts(world);
      const { "status --porcelain": _, ...unchanged } = before;
      expect(facts).toEqual(unchanged);
      expect(status?.split("\n")).toHaveLength(size);
    },
  );
}
