import { existsSync } from "node:fs";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { killingGit } from "../../support/git/killing-git.ts";
import { PROJECT, plan, type Written } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { withCases } from "../../support/suite.ts";
import { testAtRandom } from "../../support/trials.ts";
import { untilGone } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const GROSS = "sed -i 's/return net;/return net * 1.19;/' src/price.js";

/** Everything on the disk that says how the one run of the world ended. */
async function lastWords(world: World) {
  const [runId = ""] = await readdir(join(world.state, "runs"));
  const folder = join(world.state, "runs", runId);
  const read = async (name: string) => (existsSync(join(folder, name)) ? readFile(join(folder, name), "utf8") : null);
  const [report, result, events] = [await read("report.md"), await read("result.json"), await read("events.jsonl")];
  const lines = (events ?? "").trimEnd().split("\n");
  const finished = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "run_finished");
  const sessions = JSON.parse((await ask(world, ["sessions", "--json"])).stdout);
  return {
    report: report?.split("\n")[0] ?? null,
    result: result === null ? null : JSON.parse(result).run_status,
    finished: finished.map(({ payload }) => `${payload.status} ${payload.verdict} ${payload.exit_code}`),
    session: sessions[0].status,
    types: lines.map((line) => JSON.parse(line).type as string),
  };
}

interface Story {
  readonly written: Written;
  readonly flags: readonly string[];
  readonly edit: string;
  readonly verdict: { readonly status: string; readonly verdict: string; readonly code: number };
}

const STORIES: Readonly<Record<string, Story>> = {
  undone: {
    ...{ written: {}, flags: ["--on-violation", "revert"], edit: `${GROSS}; echo >> src/tax.js` },
    verdict: { status: "contract_violation", verdict: "violated", code: 5 },
  },
  committed: {
    ...{ written: { commit: "Gross" }, flags: [], edit: GROSS },
    verdict: { status: "completed", verdict: "completed", code: 0 },
  },
  failed: {
    ...{ written: { validation: ["false"] }, flags: ["--verify-rounds", "0"], edit: GROSS },
    verdict: { status: "validation_failed", verdict: "failed", code: 1 },
  },
};

// A run calls git so often after Codex's last word, or less often: then it comes to its end.
const CALLS = 32;

/** Runs a handoff in which the process is killed at this call of git after Codex's last word, if there are so many. */
async function killedAt(at: number, { written, flags, edit }: Story) {
  let arm = () => {};
  const last = () => {
    arm();
    return say("All is done.\n\nDONE");
  };
  const world = await createWorld({ files: PROJECT, script: (_, index) => (index === 0 ? run(edit) : last()) });
  await plan(world, written);
  const killer = await killingGit(world);
  await using asking = startAsk(world, ["handoff", "run", "CODEX-PRICE.md", ...flags], { env: killer.env });
  arm = () => killer.arm(asking.child.pid ?? 0, at);
  const { signal } = await asking.done;
  await untilGone(world);
  return { world, signal };
}

testAtRandom(
  "a handoff that is killed after Codex's last word never says anything but its verdict",
  { change: 2, full: 100, shrinks: false },
  fc.record({ story: fc.constantFrom(...Object.keys(STORIES)), at: fc.integer({ min: 1, max: CALLS }) }),
  async ({ story, at }) => {
    const told = STORIES[story] as Story;
    const { world, signal } = await killedAt(at, told);
    await using _killed = world;
    const { status, verdict, code } = told.verdict;
    const whole = signal === null;
    const { report, result, finished, session } = await lastWords(world);
    expect([...(whole ? [] : [null]), `# Handoff shop-001: ${verdict}`]).toContain(report);
    expect([...(whole ? [] : [null]), status]).toContain(result);
    expect([...(whole ? [] : [[]]), [`${status} ${verdict} ${code}`]]).toContainEqual(finished);
    expect([...(whole ? [] : ["interrupted"]), status]).toContain(session);
  },
);

describe("a handoff that is killed", () => {
  const [before, after] = [
    { hook: "pre-commit", commits: "2" },
    { hook: "post-commit", commits: "3" },
  ];
  withCases({ change: [before], matrix: [after] }, (cases) => {
    test.for(cases)("in the $hook hook is interrupted, and says nothing of its end", async ({ hook, commits }) => {
      await using world = await createWorld({ files: PROJECT, script: [run(GROSS), say("DONE")] });
      await plan(world, { commit: "Gross" });
      const path = join(world.workspace, ".git", "hooks", hook);
      await using asking = startAsk(world, ["handoff", "run", "CODEX-PRICE.md"]);
      // Git itself is not ours to kill, and would go on without us.
      await writeFile(path, `#!/bin/sh\nkill -9 ${asking.child.pid}\nexit 1\n`);
      await chmod(path, 0o755);
      expect(await asking.done).toMatchObject({ signal: "SIGKILL", stdout: "" });
      await untilGone(world);
      const said = await lastWords(world);
      expect(said).toMatchObject({ report: null, result: null, finished: [], session: "interrupted" });
      expect(said.types.at(-1)).toBe("handoff_judged");
      expect(await git(world.workspace, "rev-list", "--count", "HEAD")).toBe(commits);
    });
  });
});
