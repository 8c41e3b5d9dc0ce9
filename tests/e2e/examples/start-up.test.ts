import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { BROKER, PROGRAM, SETUP } from "../../support/programs.ts";
import { createWorld, type World } from "../../support/world.ts";

const COUNTER = join(import.meta.dirname, "programs", "count-loaded.cjs");

const TAB = ["completion", "bash", "--", "ask_codex", "--ver"];

// A socket, and what it is made of.
const SOCKET = ["diagnostics_channel", "net", "stream", "stream/promises", "string_decoder"];

const TASK = [...SOCKET, ...["child_process", "dgram", "fs/promises", "process", "timers/promises", "tty"]];

/**
 * What each of the commonest calls may evaluate: bytes of our own code, in how many pieces, and modules of Node's beside those that an
 * empty program has. They are most of what a start takes, and unlike its time they are the same on every machine. Raise a budget only
 * for a reason.
 */
const BUDGETS: readonly {
  readonly what: string;
  readonly program?: string;
  readonly args: (id: string) => readonly string[];
  readonly bytes: number;
  readonly pieces: number;
  readonly modules: readonly string[];
}[] = [
  { what: "--help", args: () => ["--help"], bytes: 0, pieces: 0, modules: [] },
  { what: "--version", args: () => ["--version"], bytes: 0, pieces: 0, modules: [] },
  { what: "a TAB", program: SETUP, args: () => TAB, bytes: 200_000, pieces: 4, modules: [] },
  { what: "sessions", args: () => ["sessions"], bytes: 48_000, pieces: 5, modules: [] },
  { what: "list", program: BROKER, args: () => ["list"], bytes: 69_000, pieces: 13, modules: SOCKET },
  { what: "status", program: BROKER, args: () => ["status"], bytes: 69_000, pieces: 13, modules: SOCKET },
  { what: "status of one", program: BROKER, args: (id) => ["status", id], bytes: 67_000, pieces: 13, modules: SOCKET },
  { what: "send", program: BROKER, args: (id) => ["send", id, "Go on."], bytes: 82_000, pieces: 16, modules: SOCKET },
  { what: "a task that reads", args: () => ["--read-only", "Do it."], bytes: 535_000, pieces: 25, modules: TASK },
  { what: "a task that writes", args: () => ["Do it."], bytes: 535_000, pieces: 25, modules: TASK },
];

// Node reads a program whole before it runs a word of it.
const PROGRAM_BYTES = 30_000;

test("what a start loads stays within its budget", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--read-only", "--wait", "Begin.");
  for (const { what, program = PROGRAM, args, bytes, pieces, modules } of BUDGETS) {
    const loaded = await loadedBy(world, program, args(id));
    expect([what, loaded.modules.filter((name) => !modules.includes(name))]).toEqual([what, []]);
    expect(loaded.bytes, what).toBeLessThanOrEqual(bytes);
    expect(loaded.pieces, what).toBeLessThanOrEqual(pieces);
    // A budget that has room for a sixth again says nothing.
    expect(loaded.bytes * 1.17, what).toBeGreaterThanOrEqual(bytes);
  }
  for (const program of [PROGRAM, BROKER, SETUP])
    expect((await stat(program)).size, program).toBeLessThan(PROGRAM_BYTES);
});

test("a look at sessions at rest loads nothing to talk to a worker with", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--read-only", "--wait", "Begin.");
  expect(await broker("stop", id)).toMatchObject({ code: 0 });
  expect((await loadedBy(world, BROKER, ["list"])).modules).toEqual([]);
});

// What Codex starts with is all that a task waits for; the rest is loaded meanwhile.
const UNTIL_CODEX = 223_000;

test("a task starts Codex before it loads what works with it", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  const { untilChild } = await loadedBy(world, PROGRAM, ["Do it."]);
  expect(untilChild).toBeLessThanOrEqual(UNTIL_CODEX);
  expect(untilChild * 1.17).toBeGreaterThanOrEqual(UNTIL_CODEX);
});

interface Loaded {
  readonly bytes: number;
  readonly pieces: number;
  /** Bytes before the first program was started; 0 where none was. */
  readonly untilChild: number;
  readonly modules: readonly string[];
}

async function loadedBy(world: World, program: string, args: readonly string[]): Promise<Loaded> {
  const path = join(world.temp, "loaded.json");
  const env = { LOADED: path, NODE_OPTIONS: `--require=${JSON.stringify(COUNTER)}` };
  expect(await ask(world, args, { program, env })).toMatchObject({ code: 0 });
  return JSON.parse(await readFile(path, "utf8"));
}
