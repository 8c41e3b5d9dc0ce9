import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { PROJECT, plan } from "../../support/handoffs.ts";
import { pursuing } from "../../support/model/goals.ts";
import { run, say } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { createWorld } from "../../support/world.ts";

test("a goal that Codex sets itself does nothing behind the back of a handoff's judgement", async () => {
  const edit = run("sed -i 's/return net;/return net * 1.19;/' src/price.js");
  let edited = false;
  const work = () => {
    if (edited) return say("All is done.\n\nDONE");
    edited = true;
    return edit;
  };
  await using world = await createWorld({ files: PROJECT, script: pursuing(work) });
  const validation = ["sleep 1", "! test -e by-itself", "grep -q 1.19 src/price.js"];
  await plan(world, { validation });
  const done = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "--config", "features.goals=true"]);
  expect(done).toMatchObject({ code: 0, keys: { status: "completed", verdict: "completed" } });
  expect(done.report).toContain("Codex pursued a goal, which is paused: finish it all");
  expect(tasksIn(world.model.requests[0])).toHaveLength(1);
});
