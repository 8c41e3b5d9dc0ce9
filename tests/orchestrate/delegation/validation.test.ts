import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { delegate, optionsFor } from "../../support/claude/delegations.ts";
import { request } from "../../support/samples/delegation.ts";
import { createWorld } from "../../support/world.ts";

const run = { type: "validation", scope: undefined, requirements: undefined } as const;

test("a validation task starts no executor: its commands are run, and decide", async () => {
  await using world = await createWorld({ script: [], files: { "a.txt": "a\n", ".gitignore": "out.txt\n" } });
  const commands = ["grep -q a a.txt", "echo seen > out.txt"];
  const { outcome, progress } = await delegate(world, request({ ...run, validation: commands }), {
    bounds: { validation: [commands[0] ?? ""] },
  });
  expect(outcome).toMatchObject({
    ...{ verdict: "completed", executor: null, files: [], findings: [] },
    validation: [
      { command: commands[0], passed: true, sandboxed: false },
      { command: commands[1], passed: true, sandboxed: true },
    ],
  });
  expect(progress.map(({ type }) => type)).toEqual(["began", "checking", "checking"]);
  expect(await readFile(join(world.workspace, "out.txt"), "utf8")).toBe("seen\n");
});

// Codex's sandbox exists on Linux and macOS; what it closes is told on Linux.
test("a command that the person has not named reaches no network and writes nothing outside of the work tree", async () => {
  await using world = await createWorld({ script: [], files: { "a.txt": "a\n" } });
  const outside = [
    `echo x > '${join(world.home, "out.txt")}'`,
    `curl -s --max-time 5 ${world.model.url}`,
    "echo x > .git/config",
  ];
  const { outcome } = await delegate(world, request({ ...run, validation: outside }));
  expect(outcome).toMatchObject({ verdict: "failed" });
  expect(outcome.validation.map(({ passed, sandboxed }) => ({ passed, sandboxed }))).toEqual(
    Array(3).fill({ passed: false, sandboxed: true }),
  );
});

test("a request that does not hold is refused, and nothing is run", async () => {
  await using world = await createWorld({ script: [] });
  const { outcome, progress } = await delegate(world, request({ ...run, validation: ["no-such-program"] }));
  expect(outcome).toMatchObject({ verdict: "refused", refusals: [{ change: "Correct the command." }] });
  expect(progress).toEqual([]);
});

test("ended in the middle of its validation it is interrupted, whatever held until then", async () => {
  await using world = await createWorld({ script: [], files: { "a.txt": "a\n" } });
  const command = "sleep 600.25";
  const ours = new AbortController();
  const { outcome } = await delegate(world, request({ ...run, validation: ["true", command] }), {
    bounds: { validation: ["true", command] },
    signal: ours.signal,
    onProgress: (progress) => {
      if (progress.type === "checking" && progress.command === command) ours.abort("SIGTERM");
    },
  });
  expect(outcome).toMatchObject({ verdict: "interrupted", validation: [{ command: "true", passed: true }] });
  expect(outcome.validation).toHaveLength(1);
  expect(await world.processes()).toEqual([]);
});

test("without a Codex for the sandbox nothing is started, and it says so", async () => {
  await using world = await createWorld({ script: [], files: { "src/sum.js": "export const sum = 1;\n" } });
  const usual = await optionsFor(world, request());
  const search = { ...usual.context.search, command: "/nowhere/codex" };
  const { outcome, progress } = await delegate(world, request(), {
    bounds: { validation: ["node --test"] },
    context: { ...usual.context, search },
  });
  expect(outcome).toMatchObject({ verdict: "executor_failed", error: { kind: "codex_missing" }, files: [] });
  expect(progress.map(({ type }) => type)).toEqual(["began"]);
});
