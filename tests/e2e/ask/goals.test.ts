import { expect, test } from "vitest";
import { ask, sessionFlags } from "../../support/ask.ts";
import { pursuing } from "../../support/model/goals.ts";
import { say } from "../../support/model/replies.ts";
import { withCodex } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

withCodex("rest", (version) => {
  test("Codex is offered no goals: a task is one turn", async () => {
    await using world = await createWorld({ version, script: pursuing(() => say("Done.")) });
    const asked = await ask(world, ["--json", "--verify-cmd", "sleep 1; ! test -e by-itself", "Begin"]);
    expect(asked.json).toMatchObject({ status: "completed", changes: [] });
    expect(world.model.requests[0]?.body.tools?.map(({ name }) => name)).not.toContain("create_goal");
    expect(world.model.requests).toHaveLength(2);
  });

  test("a goal that comes about nevertheless is paused, and the report says so", async () => {
    await using world = await createWorld({ version, script: pursuing(() => say("Done.")) });
    const goals = ["--config", "features.goals=true"];
    const first = await ask(world, [...goals, "--verify-cmd", "sleep 1; ! test -e by-itself", "Begin"]);
    expect(first.keys).toMatchObject({ status: "completed", files_changed: "0" });
    expect(first.report).toContain("Codex pursued a goal, which is paused: finish it all");
    const second = await ask(world, [...goals, ...sessionFlags(first), "--read-only", "Look"]);
    expect(second.keys).toMatchObject({ status: "completed", changes: "read_only" });
    expect(second.report).not.toContain("by-itself");
  });
});
