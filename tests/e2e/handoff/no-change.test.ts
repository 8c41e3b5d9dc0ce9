import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git } from "../../support/git/git.ts";
import { found, handoff, PROJECT, plan } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

const GROSS = "sed -i 's/return net;/return net * 1.19;/' src/price.js";
const WRONG = "sed -i 's/return net;/return 0;/' src/price.js";
const done = () => say("It is done.\n\nDONE");

test("that nothing was done is said, and whether it was done before; what the work broke is told apart", async () => {
  const script = [done(), run(GROSS), done(), done(), done(), run(WRONG), done()];
  await using world = await createWorld({ files: PROJECT, script });
  await plan(world, { validation: ["test -e src/price.js"], commit: "Gross" });
  const work = () => handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "0"]);

  const idle = await work();
  expect(idle).toMatchObject({ code: 1, result: { status: "no_change", run_status: "no_change", findings: [] } });
  expect(idle.result).toMatchObject({ commit: { type: "none" }, codex_said: { word: "DONE" } });
  expect(idle.result.notes).toContain("succeeded before");

  expect(await work()).toMatchObject({ code: 0, result: { status: "completed", commit: { type: "made" } } });
  const again = await work();
  expect(again).toMatchObject({ code: 0, result: { status: "already_done", commit: { type: "none" } } });
  expect(again.result.notes).toMatch(/carried out before \(run /);
  // In another clone only git knows of it.
  await rm(join(world.state, "ledger.jsonl"));
  expect((await work()).result.notes).toContain("(commit ");
  expect(await handoff(world, ["verify", "CODEX-PRICE.md"])).toMatchObject({ result: { status: "already_done" } });

  await git(world.workspace, "reset", "--quiet", "--hard", "HEAD~1");
  expect(await handoff(world, ["verify", "CODEX-PRICE.md"])).toMatchObject({
    code: 1,
    result: { status: "no_change" },
  });
  await plan(world, { validation: ["grep -q 'return net' src/price.js", "grep -q 1.19 src/price.js"] });
  const broken = await work();
  expect(found(broken)).toEqual(["validation", "validation"]);
  expect(broken.result.findings.map(({ message }) => /before the work.*$/.exec(message)?.[0])).toEqual([
    "before the work, which broke it.",
    "before the work as well.",
  ]);
  expect((await git(world.workspace, "worktree", "list")).split("\n")).toHaveLength(1);
});
