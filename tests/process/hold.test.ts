import { once } from "node:events";
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Holder, holderOf, type Taking, takeHold } from "../../src/process/hold.ts";
import { findProcess } from "../../src/process/table.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startScript } from "./start-program.ts";

const DEAD = { pid: 2 ** 22 + 1, startedAt: "0", runId: "dead" };

async function me(runId: string): Promise<Holder> {
  return { pid: process.pid, startedAt: (await findProcess(process.pid))?.startedAt ?? "", runId };
}

async function release(taking: Taking): Promise<void> {
  if (taking.type === "busy") throw new Error(`held by ${taking.holder.runId}`);
  await taking.hold.release();
}

test("what is held has one holder, who is named to the next, and is free when it is released", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  const first = { ...(await me("first")), session: "/a session" };
  const taking = await takeHold(path, first);
  expect(await takeHold(path, await me("second"))).toEqual({ type: "busy", holder: first });
  expect(await holderOf(path)).toEqual(first);
  await release(taking);
  expect(await holderOf(path)).toBeNull();
  await release(await takeHold(path, await me("second")));
  expect(await readdir(temp.path)).toEqual([]);
});

test.each([
  { of: "a dead process", holder: async (): Promise<Holder> => DEAD },
  {
    of: "a process whose number is another's now",
    holder: async () => ({ ...(await me("earlier")), startedAt: "long ago" }),
  },
])("the hold of $of counts for nothing and is broken", async ({ holder }) => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  await takeHold(path, await holder());
  expect(await holderOf(path)).toBeNull();
  await release(await takeHold(path, await me("next")));
  expect(await readdir(temp.path)).toEqual([]);
});

test("of two that want it under one name, one gets it, and the file names that very process", async () => {
  await using temp = await tempFolder();
  const other = await startScript("echo ready; read -r _");
  for (let round = 0; round < 100; round++) {
    const path = join(temp.path, `${round}.hold`);
    // Both are workers of one session, as far as they know.
    const owners = [await me("session"), { ...other.entry, runId: "session" }];
    const takings = await Promise.all(owners.map((owner) => takeHold(path, owner)));
    const winner = owners[takings.findIndex(({ type }) => type === "held")];
    expect(takings.map(({ type }) => type).sort()).toEqual(["busy", "held"]);
    expect(await holderOf(path)).toMatchObject({ pid: winner?.pid });
  }
  expect((await readdir(temp.path)).filter((name) => !name.endsWith(".hold"))).toEqual([]);
});

test("of many that want what a dead process holds, exactly one gets it", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  await takeHold(path, DEAD);
  const owners = await Promise.all(Array.from({ length: 30 }, (_, index) => me(`run-${index}`)));
  const takings = await Promise.all(owners.map((owner) => takeHold(path, owner)));
  expect(takings.filter(({ type }) => type === "held")).toHaveLength(1);
  expect(await readdir(temp.path)).toEqual(["x.hold"]);
});

test("a release takes away no hold that is another's by now", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  const taking = await takeHold(path, await me("first"));
  await writeFile(path, JSON.stringify({ ...(await me("first")), startedAt: "later" }));
  await release(taking);
  expect(await readdir(temp.path)).toEqual(["x.hold"]);
});

test.each([-3_600_000, 3_600_000])(
  "one that died while it broke a hold is in nobody's way, by a clock %d ms off",
  async (off) => {
    await using temp = await tempFolder();
    const path = join(temp.path, "x.hold");
    await takeHold(path, DEAD);
    await writeFile(`${path}.breaking`, "");
    const then = new Date(Date.now() + off);
    await utimes(`${path}.breaking`, then, then);
    await release(await takeHold(path, await me("next")));
    expect(await readdir(temp.path)).toEqual([]);
  },
);

test("an empty hold is what a machine leaves that lost its power: nobody has it", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  await writeFile(path, "");
  expect(await holderOf(path)).toBeNull();
  await release(await takeHold(path, await me("next")));
  expect(await readdir(temp.path)).toEqual([]);
});

test("a hold that cannot be read is reported and kept", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  await writeFile(path, "{");
  const unreadable = { kind: "internal", message: expect.stringContaining(path) };
  await expect(takeHold(path, await me("x"))).rejects.toMatchObject(unreadable);
  await expect(holderOf(path)).rejects.toMatchObject(unreadable);
  expect(await readFile(path, "utf8")).toBe("{");
  expect(await readdir(temp.path)).toEqual(["x.hold"]);
});

// A container's pids are other numbers on its host: the table that we see has nothing to say of them.
test("the hold of a process in another pid namespace stands for two days, whatever has its number here", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  const elsewhere = { ...DEAD, pidNamespace: "pid:[1]", runId: "in-a-container" };
  await takeHold(path, elsewhere);
  expect(await takeHold(path, await me("here"))).toEqual({ type: "busy", holder: elsewhere });
  const longAgo = Date.now() / 1000 - 3 * 24 * 60 * 60;
  await utimes(path, longAgo, longAgo);
  expect(await holderOf(path)).toBeNull();
  await release(await takeHold(path, await me("here")));
});

test.runIf(process.platform === "linux")("a worker in another pid namespace is asked by its socket", async () => {
  await using temp = await tempFolder();
  const session = join(temp.path, "a session whose path is longer than a socket's may be".repeat(3));
  await mkdir(session);
  const path = join(session, "worker.hold");
  const worker = { ...DEAD, pidNamespace: "pid:[1]", session };
  await takeHold(path, worker);
  expect(await holderOf(path)).toBeNull();
  const here = process.cwd();
  process.chdir(session);
  const server = createServer((socket) => socket.destroy()).listen("worker.sock");
  await once(server, "listening");
  process.chdir(here);
  expect(await holderOf(path)).toEqual(worker);
  server.close();
  await once(server, "close");
  expect(await holderOf(path)).toBeNull();
});

test("whoever is being waited for is waited for no longer than the signal allows, and no claim is left", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "x.hold");
  await writeFile(path, JSON.stringify(DEAD));
  await writeFile(`${path}.breaking`, "");
  const cancel = new AbortController();
  const taking = takeHold(path, await me("late"), cancel.signal);
  cancel.abort(new Error("cancelled"));
  await expect(taking).rejects.toThrow("cancelled");
  expect((await readdir(temp.path)).sort()).toEqual(["x.hold", "x.hold.breaking"]);
});
