import { expect, test } from "vitest";
import { openSlots } from "../../src/bounds/slots.ts";

test("a slot is the lowest that is free, and no two have the same", () => {
  const slots = openSlots();
  expect([slots.take(), slots.take(), slots.take()]).toEqual([0, 1, 2]);
  slots.free(1);
  expect([slots.take(), slots.take()]).toEqual([1, 3]);
});
