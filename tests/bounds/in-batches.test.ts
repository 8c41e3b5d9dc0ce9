import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { inBatches } from "../../src/bounds/in-batches.ts";

test("the results are in the order of the items, and never more than 32 are under way", async () => {
  let underWay = 0;
  let most = 0;
  const items = Array.from({ length: 200 }, (_, index) => index);
  const doubled = await inBatches(items, async (item) => {
    most = Math.max(most, ++underWay);
    await setImmediate();
    underWay--;
    return item * 2;
  });
  expect(doubled).toEqual(items.map((item) => item * 2));
  expect(most).toBe(32);
  expect(await inBatches([], async () => 1)).toEqual([]);
});

test("a failure is passed on, and what has not begun is left alone", async () => {
  const begun: number[] = [];
  const items = Array.from({ length: 100 }, (_, index) => index);
  const failing = inBatches(items, async (item) => {
    begun.push(item);
    await setImmediate();
    if (item === 3) throw new Error("unreadable");
  });
  await expect(failing).rejects.toThrow("unreadable");
  await setImmediate();
  expect(begun.length).toBeLessThan(100);
});
