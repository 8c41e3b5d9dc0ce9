import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Asked, ask } from "../support/ask.ts";
import { inMatrix } from "../support/suite.ts";
import { createWorld, type World } from "../support/world.ts";

// A Codex that means ill, or is broken: what it says is data, whatever its shape and size.
let world: World;
beforeAll(async () => {
  world = await createWorld({ script: [] });
});
afterAll(() => world[Symbol.asyncDispose]());

const SERVER = join(import.meta.dirname, "programs", "server.cjs");

function told(mode: string, size = 0, args: readonly string[] = []): Promise<Asked> {
  return ask(world, [...args, "Work"], { env: { ASK_CODEX_COMMAND: SERVER, MODE: mode, SIZE: String(size) } });
}

function folderOf({ keys }: Asked): string {
  return join(world.state, "runs", keys.run_id ?? "");
}

inMatrix(() => {
  test("an answer of 200 MB is cut in the report, with its size, and lies whole in the run's folder", async () => {
    // Whoever held all of it would need more than this.
    const small = { NODE_OPTIONS: "--max-old-space-size=256", ASK_CODEX_COMMAND: `env -u NODE_OPTIONS ${SERVER}` };
    const asked = await ask(world, ["Work"], { env: { ...small, MODE: "huge", SIZE: "200000000" } });
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(asked.report?.length).toBeLessThan(5_000_000);
    const whole = join(folderOf(asked), "long-text-1.txt");
    expect(asked.report).toContain(`[… cut after 4.0 MB of 200.0 MB; the whole text: ${whole}]`);
    expect((await stat(whole)).size).toBe(200_000_000);
  });
});

test("the output of a command is cut as well, and its report names where the whole is", async () => {
  const asked = await told("output", 5_000_000);
  expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
  expect(asked.report).toContain("cut after 4.0 MB of 5.0 MB");
  expect((await readFile(join(folderOf(asked), "long-text-1.txt"))).length).toBe(5_000_000);
});

inMatrix(() => {
  test("stderr without end leaves a log of a few megabytes", async () => {
    const asked = await told("stderr", 40_000_000);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    const logs = (await readdir(folderOf(asked))).filter((name) => name.startsWith("stderr.log"));
    const sizes = await Promise.all(logs.map(async (name) => (await stat(join(folderOf(asked), name))).size));
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(10_000_000);
  });
});

test.each([
  { mode: "drafts", size: 30_000_000 },
  { mode: "a line of noise", size: 100_000_000 },
  { mode: "nonsense", size: 0 },
  { mode: "requests", size: 5_000 },
  { mode: "forges", size: 0 },
  { mode: "ends twice", size: 0 },
  { mode: "answers twice", size: 0 },
  { mode: "leaves processes", size: 0 },
])("a turn is judged by what it says in order: $mode", async ({ mode, size }) => {
  const asked = await told(mode, size);
  expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
  expect(asked.stdout.match(/^status=/gm)).toHaveLength(1);
  expect(asked.report).not.toContain("<system-reminder>");
  expect(await world.processes()).toEqual([]);
});

inMatrix(() => {
  test.each([
    { mode: "never ends", code: 2, kind: "total_timeout" },
    { mode: "ignores every signal", code: 2, kind: "total_timeout" },
    { mode: "hangs up", code: 1, kind: "protocol" },
    { mode: "dies in its turn", code: 1, kind: "protocol" },
  ])("a turn without an end is ended, with all that it started: $mode", async ({ mode, code, kind }) => {
    expect(await told(mode, 0, ["--timeout", "1"])).toMatchObject({ code, keys: { error_kind: kind } });
    expect(await world.processes()).toEqual([]);
  });
});

inMatrix(() => {
  test.each([
    { mode: "dies", kind: "codex_incompatible" },
    { mode: "falls", kind: "codex_incompatible" },
    { mode: "path", kind: "protocol" },
    { mode: "says nothing in its turn", kind: "empty_answer" },
  ])("what is not an answer is a failure with a name: $mode", async ({ mode, kind }) => {
    const asked = await told(mode);
    expect(asked.keys.error_kind).toBe(kind);
    expect(asked.code).not.toBe(0);
    expect(await readdir(dirname(world.state))).not.toContain("escaped.json");
  });
});
