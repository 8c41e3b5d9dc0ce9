import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claudePlugin } from "../support/claude/claude-plugin.ts";
import { type Step, say, startMessagesApi, use } from "../support/claude/messages-api.ts";
import { ROOT } from "../support/paths.ts";
import { inMatrix } from "../support/suite.ts";
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
inMatrix(() => {
  test("the runner takes every case; a model that never loads the skill passes the near misses alone", async () => {
    const idle = Array.from({ length: 500 }, () => say("Done."));
    const printed = await runEvals(idle, ["--tag", "trigger", "near-miss", "task", "-j", "2"]);
    const found = [...printed.matchAll(/^(trigger|near-miss|task)-\S+ +(\d\.\d\d) +\d+% +1 /gm)];
    const scores = (kind: string) => found.flatMap(([, of, score]) => (of === kind ? [score] : []));
    expect(scores("near-miss"), printed).toEqual(Array(12).fill("1.00"));
    expect(scores("trigger")).toEqual(Array(12).fill("0.00"));
    expect(scores("task")).toHaveLength(8);
    expect(printed).toContain("32 case(s)");
  });
});

/**
 * What `claude plugin eval` prints of the plugin beside its cases. The runner reads all that the plugin's folder holds, and the checkout
 * holds the worlds of tests that run meanwhile: it would meet files that are just going away.
 */
async function runEvals(script: readonly Step[], flags: readonly string[]): Promise<string> {
  await using world = await createWorld({ script: [] });
  const plugin = join(world.home, "plugin");
  await cp(join(ROOT, "dist", "plugin"), plugin, { recursive: true });
  await cp(join(ROOT, "evals"), join(plugin, "evals"), { recursive: true });
  await using api = await startMessagesApi(script);
  const once = ["--runs", "1", "--ablation", "none", "--trust-plugin", "--no-publish"];
  const args = ["eval", plugin, ...flags, ...once, "--output-dir", join(world.temp, "evals")];
  const { stdout, stderr } = await claudePlugin(world, CLAUDE_NEWEST, args, { ANTHROPIC_BASE_URL: api.url });
  expect(api.faults).toEqual([]);
  return `${stdout}${stderr}`;
}
