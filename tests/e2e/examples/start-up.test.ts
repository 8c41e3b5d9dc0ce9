import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { BROKER, PROGRAM } from "../../support/programs.ts";
import { createWorld, type World } from "../../support/world.ts";

const COUNTER = join(import.meta.dirname, "programs", "count-loaded.cjs");

// A socket, and what it is made of.
const SOCKET = ["diagnostics_channel", "net", "stream", "stream/promises", "string_decoder"];

/**
 * What each of the commonest calls may evaluate: bytes of our own code, and modules of Node's beside those that an empty program has.
 * Both are most of what a start takes, and unlike its time they are the same on every machine. Raise a budget only for a reason.
 */
const BUDGETS: readonly {
  readonly what: string;
  readonly program?: string;
  readonly args: (id: string) => readonly string[];
  readonly bytes: number;
  readonly modules: readonly string[];
}[] = [
  { what: "--help", args: () => ["--help"], bytes: 0, modules: [] },
  { what: "--version", args: () => ["--version"], bytes: 0, modules: [] },
  { what: "sessions", args: () => ["sessions"], bytes: 60_000, modules: [] },
  { what: "list", program: BROKER, args: () => ["list"], bytes: 80_000, modules: SOCKET },
  { what: "status", program: BROKER, args: (id) => ["status", id], bytes: 80_000, modules: SOCKET },
  { what: "send", program: BROKER, args: (id) => ["send", id, "Go on."], bytes: 90_000, modules: SOCKET },
  {
    what: "a task",
    args: () => ["--read-only", "Do it."],
    bytes: 564_000,
    modules: [
      ...SOCKET,
      ...["child_process", "crypto", "dgram", "fs/promises", "perf_hooks", "process", "timers/promises", "tty"],
    ],
  },
];

test("what a start loads stays within its budget", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--read-only", "--wait", "Begin.");
  for (const { what, program = PROGRAM, args, bytes, modules } of BUDGETS) {
    const loaded = await loadedBy(world, program, args(id));
    expect([what, loaded.modules.filter((name) => !modules.includes(name))]).toEqual([what, []]);
    expect(loaded.bytes, what).toBeLessThanOrEqual(bytes);
    // A budget that has room for half as much again says nothing.
    expect(loaded.bytes * 1.5, what).toBeGreaterThanOrEqual(bytes);
  }
});

interface Loaded {
  readonly bytes: number;
  readonly modules: readonly string[];
}

async function loadedBy(world: World, program: string, args: readonly string[]): Promise<Loaded> {
  const path = join(world.temp, "loaded.json");
  const env = { LOADED: path, NODE_OPTIONS: `--require=${JSON.stringify(COUNTER)}` };
  expect(await ask(world, args, { program, env })).toMatchObject({ code: 0 });
  return JSON.parse(await readFile(path, "utf8"));
}
