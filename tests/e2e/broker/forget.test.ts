import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

test("forget removes the session that it is given, not one that is served, and never one that was not named", async () => {
  await using world = await createWorld({ script: [say("Well.")] });
  await using broker = brokerIn(world);
  const id = await broker.start("--name", "bee", "Do it");
  await broker("wait", id);
  const served = await broker("forget", "@bee");
  expect(served).toMatchObject({ code: 1, keys: { error_kind: "session_busy" } });
  expect(served.stderr).toContain("a worker serves it");
  await broker("stop", id);
  expect((await broker("forget")).stderr).toContain("forget requires a broker id.");
  expect(existsSync(broker.folder(id))).toBe(true);
  const gone = await broker("forget", "@bee");
  expect(gone).toMatchObject({ code: 0, keys: { removed: broker.folder(id) } });
  expect(existsSync(broker.folder(id))).toBe(false);
  expect((await broker("status", id)).stderr).toContain("Unknown broker session");
});
