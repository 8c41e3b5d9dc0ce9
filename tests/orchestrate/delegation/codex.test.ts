import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { delegate } from "../../support/claude/delegations.ts";
import { git } from "../../support/git/git.ts";
import { run, say, together } from "../../support/model/replies.ts";
import { request } from "../../support/samples/delegation.ts";
import { createWorld } from "../../support/world.ts";

const FILES = { "src/sum.js": "a - b\n", "src/other.js": "1\n" };
const bounds = { validation: ["grep -q 'a + b' src/sum.js"] };
const task = request({ validation: [...bounds.validation] });

test("a Codex of its own does a task under the same contract, and the work is committed where that is asked for", async () => {
  await using world = await createWorld({
    script: [run("echo 'a + b' > src/sum.js"), say("Done.\n\nDONE")],
    files: FILES,
  });
  const asked = { ...task, executor: "codex", commit: "Add instead of subtracting" } as const;
  const { outcome } = await delegate(world, asked, { bounds });
  expect(outcome).toMatchObject({
    ...{ verdict: "completed", executor: "codex", error: null, undone: null, commit: { type: "made" } },
    ...{ files: [{ path: "src/sum.js" }], validation: [{ passed: true }], said: { word: "DONE" } },
    conversation: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect((await git(world.workspace, "log", "-1", "--format=%s")).trim()).toBe("Add instead of subtracting");
});

test("a bulk task goes to Codex whoever is the executor, and what it does beside its scope is undone", async () => {
  const both = "echo 'a + b' > src/sum.js; echo 2 > src/other.js";
  await using world = await createWorld({ script: [run(both), say("DONE")], files: FILES });
  const { outcome } = await delegate(world, { ...task, type: "bulk" }, { bounds, executor: "claude" });
  expect(outcome).toMatchObject({
    ...{ verdict: "violated", executor: "codex" },
    undone: { type: "reverted", paths: ["src/other.js"] },
  });
  expect(await readFile(join(world.workspace, "src/other.js"), "utf8")).toBe("1\n");
});

test("what the person changes while Codex thinks is reported, and stays", async () => {
  let root = "";
  const script = [
    together(say("I look first.", { chunks: 5, pauseMs: 100 }), run("echo 'a + b' > src/sum.js")),
    say("DONE"),
  ];
  await using world = await createWorld({
    files: FILES,
    script: (_request, index) => {
      if (index === 0) writeFileSync(join(root, "notes.txt"), "mine\n");
      return script[index] ?? say("DONE");
    },
  });
  root = world.workspace;
  const { outcome } = await delegate(world, { ...task, executor: "codex" }, { bounds });
  expect(outcome).toMatchObject({
    ...{ verdict: "completed", findings: [], undone: null, meanwhile: ["notes.txt"], files: [{ path: "src/sum.js" }] },
  });
  expect(await readFile(join(world.workspace, "notes.txt"), "utf8")).toBe("mine\n");
});
