import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { found, handoff, plan } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { createWorld, type World } from "../../support/world.ts";

// What a test of Codex's could do when we run it: each line does harm where nothing stops it.
const HARM = `const { writeFileSync } = require("node:fs");
for (const path of [".git/hooks/post-commit", process.env.HOME + "/planted", process.env.ASK_CODEX_HOME + "/ledger.jsonl"])
  try { writeFileSync(path, "#!/bin/sh\\ntouch pwned\\n", { mode: 0o755 }); } catch {}
`;

const FILES = {
  "src/price.js": "exports.add = (a, b) => a + b;\n",
  ".ask-codex/policy.yaml": "guardrails: {sandbox_checks: true}\n",
};
const CONTRACT = { files: ["src/**", "tests/**"], validation: ["node --test tests/"], commit: "Add a test" };

function harmed(world: World): readonly string[] {
  const places = [
    join(world.workspace, ".git", "hooks", "post-commit"),
    join(world.home, "planted"),
    join(world.workspace, "pwned"),
  ];
  return places.filter((path) => existsSync(path));
}

test("where the policy says so, validation runs in Codex's sandbox: what Codex wrote cannot reach beyond the work tree", async () => {
  const write = `mkdir -p tests; printf '%s' '${HARM}' > tests/a.test.js; echo // >> src/price.js`;
  await using world = await createWorld({ files: FILES, script: [run(write), say("DONE")] });
  await plan(world, CONTRACT);
  const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "0"]);
  expect([ended.code, found(ended), harmed(world)]).toEqual([0, [], []]);
  // An empty folder of the sandbox's own is not the user's.
  expect(readdirSync(world.workspace).sort()).toEqual([".ask-codex", ".git", "CODEX-PRICE.md", "src", "tests"]);
});

test("--sandbox-checks does so for a single task and for handoff verify", async () => {
  const { ".ask-codex/policy.yaml": _, ...files } = FILES;
  await using world = await createWorld({ files: { ...files, "harm.js": HARM }, script: [say("Done."), say("Done.")] });
  const check = ["--verify-cmd", "node harm.js; touch here && pwd"];
  const asked = await ask(world, ["--sandbox-checks", ...check, "task"]);
  expect([asked.code, harmed(world), existsSync(join(world.workspace, "here"))]).toEqual([0, [], true]);
  expect(await readFile(join(asked.keys.output_path ?? "", "..", "verify.log"), "utf8")).toMatch(
    new RegExp(`the command begins\\n${world.workspace}\\n$`),
  );
  await plan(world, { ...CONTRACT, files: ["here"], validation: ["node harm.js"] });
  const verified = await handoff(world, ["verify", "CODEX-PRICE.md", "--sandbox-checks"]);
  expect([verified.code, harmed(world)]).toEqual([0, []]);
  // And this is what it keeps out; without it the harm is done, and told.
  const open = await ask(world, [...check, "task"]);
  expect([open.code, harmed(world).length, open.keys.status]).toEqual([1, 2, "validation_failed"]);
});
