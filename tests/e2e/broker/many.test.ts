import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { untilGone } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";

test("of many sessions the newest fifty are printed, and how many more there are", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--linger", "0", "--wait", "Begin");
  await untilGone(world);
  const folder = join(world.state, "sessions", id);
  const state = await readFile(join(folder, "state.json"), "utf8");
  const older = Array.from({ length: 60 }, (_, number) => `20200101-000000-0${10 + number}-0123456789abcdef`);
  for (const other of older) {
    const copy = join(world.state, "sessions", other);
    await cp(folder, copy, { recursive: true });
    await writeFile(join(copy, "state.json"), state.replaceAll(id, other));
  }
  const listed = await broker("list");
  const ids = listed.stdout
    .trim()
    .split("\n")
    .map((line) => line.split("\t")[0]);
  expect(ids).toEqual([id, ...older.toReversed().slice(0, 49)]);
  expect(listed).toMatchObject({ code: 0, stderr: expect.stringContaining("11 older sessions are not shown") });
  expect((await broker("status")).stdout.match(/^broker_id=/gm)).toHaveLength(50);
  expect(JSON.parse((await broker("list", "--json")).stdout)).toHaveLength(50);
  expect((await broker.with({ cwd: world.home }, "list")).stdout).toBe("");
});
