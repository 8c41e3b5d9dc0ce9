import { expect, test } from "vitest";
import type { Machine } from "../../src/machines/machine.ts";
import { poolOf } from "../../src/machines/pool.ts";
import { Unreachable } from "../../src/machines/ssh.ts";

function machine(name: string): Machine {
  return { name, ssh: name, options: [], folder: "tasks", codex: "codex", login: "here", path: [] };
}

test("each work goes to the machine that has the least to do", async () => {
  const pool = poolOf([machine("a"), machine("b")]);
  const ends: (() => void)[] = [];
  const begin = () => {
    let where = "";
    const done = pool.on(({ name }) => {
      where = name;
      return new Promise<void>((resolve) => ends.push(resolve));
    });
    return { where, done };
  };
  const [one, two] = [begin(), begin()];
  expect([one.where, two.where]).toEqual(["a", "b"]);
  ends[1]?.();
  await two.done;
  expect(begin().where).toBe("b");
});

test("a machine that cannot be reached is passed over, and tried again only when no other is left", async () => {
  const pool = poolOf([machine("a"), machine("b")]);
  const tried: string[] = [];
  const only = (up: string) => (one: Machine) => {
    tried.push(one.name);
    return one.name === up ? Promise.resolve(one.name) : Promise.reject(new Unreachable(one, "down", true));
  };
  expect([await pool.on(only("b")), await pool.on(only("b"))]).toEqual(["b", "b"]);
  expect(await pool.on(only("a"))).toBe("a");
  await expect(pool.on(only("none"))).rejects.toMatchObject({ kind: "machine_unreachable" });
  expect(tried.join(" ")).toBe("a b b b a a b");
});

test("what fails on a machine that was reached is tried on no other", async () => {
  const pool = poolOf([machine("a"), machine("b")]);
  await expect(pool.on(({ name }) => Promise.reject(new Error(name)))).rejects.toThrow("a");
});

test("a machine that is preferred is taken as long as it can be reached, and one that is set aside no more, unless it is the last", async () => {
  const [a, b] = [machine("a"), machine("b")];
  const pool = poolOf([a, b]);
  const name = (one: Machine) => Promise.resolve(one.name);
  expect(await pool.on(name, b)).toBe("b");
  expect(await pool.on((one) => (one === b ? Promise.reject(new Unreachable(one, "down", true)) : name(one)), b)).toBe(
    "a",
  );
  expect([pool.setAside(a), pool.setAside(a), pool.setAside(b)]).toEqual([true, true, false]);
  expect([await pool.on(name, a), await pool.on(name)]).toEqual(["b", "b"]);
});
