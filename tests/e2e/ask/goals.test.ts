import { expect, test } from "vitest";
import { ask, sessionFlags } from "../../support/ask.ts";
import { calls, run, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { createWorld } from "../../support/world.ts";

/** Sets a goal where it can; whatever Codex begins by itself then writes. */
function pursuing(request: ModelRequest) {
  const text = JSON.stringify(request.body.input);
  if (/<codex_internal_context/.test(text.slice(text.lastIndexOf('"role":"user"')))) return run("echo x >> by-itself");
  if (toolOutputs(request).length > 0 || !text.includes("Begin")) return say("Done.");
  return calls({ name: "create_goal", args: { objective: "finish it all" } });
}

test("Codex is offered no goals: a task is one turn", async () => {
  await using world = await createWorld({ script: pursuing });
  const asked = await ask(world, ["--json", "--verify-cmd", "sleep 1; ! test -e by-itself", "Begin"]);
  expect(asked.json).toMatchObject({ status: "completed", changes: [] });
  expect(world.model.requests[0]?.body.tools?.map(({ name }) => name)).not.toContain("create_goal");
  expect(world.model.requests).toHaveLength(2);
});

test("a goal that comes about nevertheless is paused, and the report says so", async () => {
  await using world = await createWorld({ script: pursuing });
  const goals = ["--config", "features.goals=true"];
  const first = await ask(world, [...goals, "--verify-cmd", "sleep 1; ! test -e by-itself", "Begin"]);
  expect(first.keys).toMatchObject({ status: "completed", files_changed: "0" });
  expect(first.report).toContain("Codex pursued a goal, which is paused: finish it all");
  const second = await ask(world, [...goals, ...sessionFlags(first), "--read-only", "Look"]);
  expect(second.keys).toMatchObject({ status: "completed", changes: "read_only" });
  expect(second.report).not.toContain("by-itself");
});
