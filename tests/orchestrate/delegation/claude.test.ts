import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { previewDelegation } from "../../../src/orchestrate/delegation/prepare.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import { optionsFor } from "../../support/claude/delegations.ts";
import { bash, refuse, type Step, say, use } from "../../support/claude/messages-api.ts";
import { close, delegateScripted, edit } from "../../support/claude/scripted-executor.ts";
import { request } from "../../support/samples/delegation.ts";
import { inMatrix, withCases, withClaude } from "../../support/suite.ts";
import { CLAUDE_NEWEST } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

const FILES = {
  "src/sum.js": "export const sum = (a, b) => a - b;\n",
  "src/other.js": "export const other = 1;\n",
  "sum.test.js":
    'import { test } from "node:test";\nimport assert from "node:assert";\nimport { sum } from "./src/sum.js";\ntest("sums", () => assert.equal(sum(1, 2), 3));\n',
  "package.json": '{ "type": "module" }\n',
};
const bounds = { validation: ["node --test"] };

withClaude("rest", (version) => {
  test("does a task, and it is judged by execution", async () => {
    await using world = await createWorld({ script: [], files: FILES });
    const { outcome, progress } = await delegateScripted(world, request(), {
      script: [...edit(world, "src/sum.js", "a - b", "a + b"), bash("node --test"), close("DONE", "It adds now.")],
      ...{ bounds, version },
    });
    expect(outcome).toMatchObject({
      ...{
        verdict: "completed",
        executor: "claude",
        error: null,
        findings: [],
        undone: null,
        meanwhile: [],
        denials: [],
      },
      said: { word: "DONE", text: "It adds now." },
      files: [{ path: "src/sum.js", kind: "changed" }],
      validation: [{ command: "node --test", passed: true, sandboxed: false }],
      usage: { listPriceUsd: expect.any(Number), inputTokens: expect.any(Number) },
      conversation: expect.stringMatching(/^[0-9a-f-]{36}$/),
      survivors: [],
    });
    const actions = progress.flatMap((one) => (one.type === "action" ? [one.text] : []));
    expect(actions).toContain("Bash node --test");
    expect(progress.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["began", "started", "conversation", "usage"]),
    );
    expect(await world.processes()).toEqual([]);
  });
});

test("an edit out of scope is denied, and DONE without a change is not completed", async () => {
  await using world = await createWorld({ script: [], files: FILES });
  const { outcome } = await delegateScripted(world, request(), {
    script: [...edit(world, "src/other.js", "1", "2"), bash("touch x"), bash("node --test"), close("DONE")],
    bounds,
  });
  expect(outcome).toMatchObject({
    verdict: "denied",
    files: [],
    denials: [
      { tool: "Edit", what: "src/other.js" },
      { tool: "Bash", what: "touch x" },
    ],
  });
  expect(await readFile(join(world.workspace, "src/other.js"), "utf8")).toBe(FILES["src/other.js"]);
});

test("what a command of Claude's writes out of scope is undone; what the person changed meanwhile stays", async () => {
  await using world = await createWorld({ script: [], files: FILES });
  const command = "node write.mjs";
  await writeFile(
    join(world.workspace, "write.mjs"),
    'import fs from "node:fs"; fs.writeFileSync("src/other.js", "broken\\n");\n',
  );
  const { outcome } = await delegateScripted(world, request({ validation: ["node --test", command] }), {
    script: [
      ...edit(world, "src/sum.js", "a - b", "a + b"),
      bash(command),
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await writeFile(join(world.workspace, "notes.txt"), "mine\n");
        return close("DONE") as never;
      },
    ],
    bounds: { validation: ["node --test", command] },
  });
  expect(outcome).toMatchObject({
    verdict: "violated",
    findings: expect.arrayContaining([expect.objectContaining({ rule: "scope", path: "src/other.js" })]),
    undone: { type: "reverted", paths: ["src/other.js"] },
    meanwhile: ["notes.txt"],
  });
  expect(await readFile(join(world.workspace, "src/other.js"), "utf8")).toBe(FILES["src/other.js"]);
  expect(await readFile(join(world.workspace, "src/sum.js"), "utf8")).toContain("a + b");
  expect(existsSync(join(world.workspace, "notes.txt"))).toBe(true);
});

const IN_WORDS = "BLOCKED: no such table";

// What becomes of what an executor says and does is decided in one place, whose test has every case.
withCases<readonly [string, readonly Step[], string]>(
  {
    change: [
      ["is blocked", [close("BLOCKED", "No such table.")], "blocked"],
      ["changes nothing", [close("DONE", "All tests pass!")], "failed"],
    ],
    matrix: [
      ["says only in words that it is blocked", [say(`I looked.\n\n${IN_WORDS}`), say(IN_WORDS)], "blocked"],
      ["says nothing of the task", [say("Hello."), say("Hello again.")], "no_report"],
    ],
  },
  (cases) => {
    test.each(cases)("an executor that %s", async (_what, script, verdict) => {
      await using world = await createWorld({ script: [], files: FILES });
      const { outcome } = await delegateScripted(world, request(), { script, bounds });
      expect(outcome).toMatchObject({ verdict, executor: "claude", error: null });
    });
  },
);

inMatrix(() => {
  test("a task that only looks has no way to change anything, and its notes are the result", async () => {
    await using world = await createWorld({ script: [], files: FILES });
    const { outcome, api } = await delegateScripted(world, request({ type: "analysis", validation: undefined }), {
      script: [...edit(world, "src/sum.js", "a - b", "a + b"), close("DONE", "It subtracts.")],
    });
    expect(outcome).toMatchObject({ verdict: "completed", files: [], notes: "It subtracts." });
    expect(await readFile(join(world.workspace, "src/sum.js"), "utf8")).toBe(FILES["src/sum.js"]);
    expect(JSON.stringify(api.conversations)).toContain("Change nothing");
  });
});

withCases<readonly [number, string, string]>(
  {
    change: [[404, "not_found_error", "model_unavailable"]],
    matrix: [[403, "permission_error", "auth"]],
  },
  (cases) => {
    test.each(cases)("HTTP %i ends it at once: %s", async (status, type, kind) => {
      await using world = await createWorld({ script: [], files: FILES });
      const script = Array.from({ length: 12 }, () => refuse(status, type));
      const { outcome } = await delegateScripted(world, request(), { script, bounds });
      expect(outcome).toMatchObject({ verdict: "executor_failed", error: { kind }, files: [] });
      expect(await world.processes()).toEqual([]);
    });
  },
);

test("without a login it says so, and what to do", async () => {
  await using world = await createWorld({ script: [], files: FILES });
  const { outcome } = await delegateScripted(world, request(), {
    script: [],
    bounds,
    env: { ANTHROPIC_API_KEY: undefined },
  });
  expect(outcome).toMatchObject({
    verdict: "executor_failed",
    error: { kind: "auth", hint: expect.stringContaining("/login") },
  });
});

inMatrix(() => {
  test("the budget ends it", async () => {
    await using world = await createWorld({ script: [], files: FILES });
    const { outcome } = await delegateScripted(world, request(), {
      script: [...edit(world, "src/sum.js", "a - b", "a + b"), close("DONE")],
      ...{ bounds, claude: { budgetUsd: 0.00001 } },
    });
    expect(outcome).toMatchObject({ verdict: "executor_failed", error: { kind: "budget" } });
  });
});

withClaude("rest", (version) => {
  test("a correction goes on with the conversation of its task, at a price of its own", async () => {
    await using world = await createWorld({ script: [], files: FILES });
    const first = await delegateScripted(world, request(), {
      script: [use("Read", { file_path: join(world.workspace, "src/sum.js") }), close("PARTIAL", "Not yet.")],
      ...{ bounds, version },
    });
    const { inputTokens, outputTokens, listPriceUsd } = first.outcome.usage;
    const earlier = { tokens: inputTokens + outputTokens, usd: listPriceUsd ?? 0 };
    const second = await delegateScripted(world, request(), {
      script: [
        use("Edit", { file_path: join(world.workspace, "src/sum.js"), old_string: "a - b", new_string: "a + b" }),
        close("DONE"),
      ],
      ...{ bounds, version, conversation: first.outcome.conversation, claude: { earlier } },
    });
    expect(second.outcome).toMatchObject({ verdict: "completed", conversation: first.outcome.conversation });
    // Both made two requests, which cost the same.
    expect(second.outcome.usage.listPriceUsd).toBeCloseTo(earlier.usd, 8);
    expect(earlier.usd).toBeGreaterThan(0);
    expect(JSON.stringify(second.api.conversations[0])).toContain("You have worked on it before");
    expect(second.api.conversations[0]?.results.length).toBeGreaterThan(1);
  });
});

test("a dry run shows the very command line, and starts nothing", async () => {
  await using world = await createWorld({ script: [], files: FILES });
  const claude = { command: claudeBin(CLAUDE_NEWEST) };
  const preview = await previewDelegation(await optionsFor(world, request(), { bounds, claude }));
  expect(preview).toMatchObject({ refusals: [], executor: "claude", commandLine: { program: claude.command } });
  expect(preview.commandLine?.args).toEqual(
    expect.arrayContaining(["Edit(/src/sum.js)", "Bash(node --test)", "dontAsk"]),
  );
  const refused = await previewDelegation(await optionsFor(world, request({ validation: [] }), { bounds, claude }));
  expect(refused).toMatchObject({ executor: null, commandLine: null, refusals: [{}, {}] });
});
