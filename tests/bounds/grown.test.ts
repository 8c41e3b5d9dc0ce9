import fc from "fast-check";
import { expect, test } from "vitest";
import { Grown, GrownSet } from "../../src/bounds/grown.ts";

test("whatever is grown from what, each list shows its own items and no others", () => {
  const steps = fc.array(fc.record({ from: fc.nat(), item: fc.integer() }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const lists = [{ list: Grown.of<number>(), model: [] as readonly number[] }];
      for (const { from, item } of all) {
        const parent = lists[from % lists.length];
        if (parent) lists.push({ list: parent.list.with(item), model: [...parent.model, item] });
      }
      for (const { list, model } of lists) {
        expect([...list]).toEqual(model);
        expect(list.toArray()).toEqual(model);
        expect(list.length).toBe(model.length);
        expect(list.last()).toBe(model.at(-1));
      }
    }),
  );
});

test("whatever is grown from what, each set has its own items and no others", () => {
  const steps = fc.array(fc.record({ from: fc.nat(), item: fc.nat({ max: 9 }) }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const sets = [{ set: GrownSet.of<number>(), model: new Set<number>() }];
      for (const { from, item } of all) {
        const parent = sets[from % sets.length];
        if (parent) sets.push({ set: parent.set.with(item), model: new Set([...parent.model, item]) });
      }
      for (const { set, model } of sets) {
        expect([...set]).toEqual([...model]);
        expect(set.size).toBe(model.size);
        for (let item = 0; item < 10; item++) expect(set.has(item)).toBe(model.has(item));
      }
    }),
  );
});
