import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { inMatrix } from "../../support/suite.ts";
import { untilGone } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";
import { untilThere } from "./long-command.ts";

// A beginning of an id takes the general way, a whole id the short one.
const beginning = (id: string) => id.slice(0, -1);
const timeless = (text: string) => text.replace(/^last_event_age=.*$/m, "last_event_age=");

test("status prints the same by both ways, with a worker and at rest", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--name", "x", "--linger", "0", "--wait", "Begin");
  await untilGone(world);
  const atRest = await broker("status", id);
  expect(atRest).toMatchObject({ code: 0, stdout: expect.stringContaining("worker=none") });
  expect(atRest.stdout).toBe((await broker("status", beginning(id))).stdout);
  const idle = expect.stringContaining("Nothing to resume");
  expect(await broker("resume", id)).toMatchObject({ code: 0, stderr: idle, keys: { resumed: "false" } });
  const served = await broker.start("--wait", "Begin");
  const alive = await broker("status", served);
  expect(alive).toMatchObject({ code: 0, stdout: expect.stringContaining("worker=alive") });
  expect(timeless(alive.stdout)).toBe(timeless((await broker("status", beginning(served))).stdout));
});

test("listings print the same by both ways, and only the general one knows what is out of the ordinary", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const list = (...flags: string[]) => broker("list", ...flags);
  const sessions = (...flags: string[]) => ask(world, ["sessions", ...flags]);
  for (const look of [list, () => broker("status"), sessions])
    expect(await look()).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("No session yet") });
  await broker.start("--name", "x", "--wait", "Begin");
  await broker.start("--wait", "--linger", "0", "--allow-shared-worktree", "Begin");
  for (const look of [list, sessions]) {
    const [short, general] = [await look("--all"), await look("--all", "--all")];
    expect(short.stdout.split("\n")).toHaveLength(3);
    expect(short).toMatchObject({ code: 0, stdout: general.stdout, stderr: "" });
    expect((await look()).stdout).toBe(general.stdout);
  }
  const [record = ""] = (await readdir(join(world.state, "threads"))).filter((name) => name.endsWith(".json"));
  await writeFile(join(world.state, "threads", record), "{");
  expect(await sessions()).toMatchObject({ code: 0, stderr: expect.stringContaining("cannot be read") });
});

test("a message comes to the same by both ways, and its file has left the queue", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--wait", "Begin");
  const first = await broker("send", id, "Go on.", "--wait", "60");
  const second = await broker("send", beginning(id), "Go on.", "--wait", "60");
  const alike = (text: string) =>
    timeless(text).replace(/^(message_id|current_run_dir|last_output_path|updated_at)=.*$/gm, "$1=");
  expect(first.code).toBe(0);
  expect(alike(first.stdout)).toBe(alike(second.stdout));
  expect(await readdir(join(world.state, "sessions", id, "queue"))).toEqual([]);
  const tasks = world.model.requests.map(({ body }) => JSON.stringify(body.input.at(-1)));
  expect(tasks.filter((task) => task.includes("Go on."))).toHaveLength(2);
});

inMatrix(() => {
  test("a slice that ends first says what goes on, and what is out of the ordinary takes the general way", async () => {
    await using world = await createWorld({
      script: [say("Done."), untilThere("go"), say("Later.")],
    });
    await using broker = brokerIn(world);
    const id = await broker.start("--wait", "Begin");
    const early = await broker("send", id, "Go on.", "--wait", "1");
    expect(early).toMatchObject({ code: 0, stdout: expect.stringMatching(/^status=running$/m) });
    await writeFile(join(world.workspace, "go"), "");
    await broker("wait", id);
    expect(await broker("send", id, " ")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("requires a message"),
    });
    expect(await broker("status", `${id}0`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Unknown broker"),
    });
  });
});
