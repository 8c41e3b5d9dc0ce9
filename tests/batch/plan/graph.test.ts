import fc from "fast-check";
import { expect, test } from "vitest";
import { ancestors, graphFaults, inOrder } from "../../../src/batch/plan/graph.ts";
import { testAtRandom } from "../../support/trials.ts";

const node = (id: string, ...after: string[]) => ({ id, after });

test("cycles, unknown names and ids that are there twice are named", () => {
  const faults = graphFaults([node("a", "c"), node("b", "a"), node("c", "b"), node("d", "aa", "d2"), node("d")]);
  expect(faults.map(({ task, what }) => [task, what])).toEqual([
    ["d", "Two tasks are called d"],
    ["d", "after names aa, and no task is called so (Did you mean a?)"],
    ["d", "after names d2, and no task is called so (Did you mean d?)"],
    ["a", "These tasks wait for one another: a → c → b → a"],
  ]);
  expect(graphFaults([node("a", "a")])[0]?.what).toBe("These tasks wait for one another: a → a");
});

const dags = fc.integer({ min: 1, max: 40 }).chain((size) =>
  fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: size, maxLength: size }).chain((picks) => {
    const tasks = picks.map((pick, at) => node(`t${at}`, ...new Set(at === 0 ? [] : pick.map((n) => `t${n % at}`))));
    return fc.shuffledSubarray(tasks, { minLength: size });
  }),
);

testAtRandom(
  "without a cycle each task stands behind those it waits for, all of them once",
  { change: 100, full: 2_000 },
  dags,
  (tasks) => {
    expect(graphFaults(tasks)).toEqual([]);
    const order = inOrder(tasks).map(({ id }) => id);
    expect([...order].sort()).toEqual(tasks.map(({ id }) => id).sort());
    const all = ancestors(tasks);
    for (const { id, after } of tasks) {
      for (const name of after) expect(order.indexOf(name)).toBeLessThan(order.indexOf(id));
      const closure = new Set(after);
      for (const name of closure)
        for (const more of tasks.find((one) => one.id === name)?.after ?? []) closure.add(more);
      expect(all.get(id)).toEqual(closure);
    }
  },
);

test("tasks that wait for nothing stay in the order of the plan", () => {
  const tasks = [node("c", "a"), node("a"), node("b"), node("d", "c")];
  expect(inOrder(tasks).map(({ id }) => id)).toEqual(["a", "c", "b", "d"]);
});
