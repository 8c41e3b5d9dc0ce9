import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { pursuing } from "../../support/model/goals.ts";
import { say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

test("between two messages of a session Codex does not work on by itself, and the second has its own sandbox", async () => {
  await using world = await createWorld({ script: pursuing(() => say("Done.")) });
  await using broker = brokerIn(world);
  const waits = ["--verify-cmd", "sleep 1; ! test -e by-itself"];
  const id = await broker.start("--config", "features.goals=true", ...waits, "--wait", "Begin");
  expect(await broker("status", id)).toMatchObject({
    keys: { status: "waiting_input", last_run_status: "completed", phase: "idle" },
  });
  const asked = world.model.requests.length;
  const looked = await broker("send", id, "--read-only", "--wait", "Look");
  expect(looked).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
  expect(world.model.requests).toHaveLength(asked + 1);
  expect(existsSync(join(world.workspace, "by-itself"))).toBe(false);
});
