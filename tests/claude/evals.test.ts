import { join } from "node:path";
import { expect, test } from "vitest";
import { claudePlugin } from "../support/claude/claude-plugin.ts";
import { type Step, say, startMessagesApi, use } from "../support/claude/messages-api.ts";
import { ROOT } from "../support/paths.ts";
import { CLAUDE_NEWEST } from "../support/versions.ts";
import { createWorld } from "../support/world.ts";

// The older version has no runner of evals.
test("a model that loads the skill passes a case of the first kind, and nothing is warned of", async () => {
  const printed = await runEvals(
    [use("Skill", { skill: "ask-codex:ask-codex" }), say("Done.")],
    [...["--case", "trigger-use-codex"]],
  );
  expect(printed).toContain("trigger-use-codex  score 1.00");
  expect(printed).not.toMatch(/warning/i);
});

// What a case asks of the model it does not do: what counts is that the runner takes every case, and that graders judge.
test("the runner takes all the cases; a model that never loads the skill passes the near misses alone", {
  timeout: 180_000,
}, async () => {
  const idle = Array.from({ length: 500 }, () => say("Done."));
  const printed = await runEvals(idle, ["--tag", "trigger", "near-miss", "task", "-j", "2"]);
  const rows = [...printed.matchAll(/^(trigger|near-miss|task)-\S+ +(\d\.\d\d) +\d+% +1 /gm)];
  const scores = (kind: string) => rows.flatMap(([, of, score]) => (of === kind ? [score] : []));
  expect(scores("near-miss")).toEqual(Array(12).fill("1.00"));
  expect(scores("trigger")).toEqual(Array(12).fill("0.00"));
  expect(scores("task")).toHaveLength(8);
  expect(printed).toContain("32 case(s)");
});

/** What `claude plugin eval` prints of this checkout. */
async function runEvals(script: readonly Step[], flags: readonly string[]): Promise<string> {
  await using world = await createWorld({ script: [] });
  await using api = await startMessagesApi(script);
  const once = ["--runs", "1", "--ablation", "none", "--trust-plugin", "--no-publish"];
  const args = ["eval", ROOT, ...flags, ...once, "--output-dir", join(world.temp, "evals")];
  const { stdout, stderr } = await claudePlugin(world, CLAUDE_NEWEST, args, { ANTHROPIC_BASE_URL: api.url });
  expect(api.faults).toEqual([]);
  return `${stdout}${stderr}`;
}
