import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frameFor } from "../../../src/ask/prompt/frame.ts";
import { type AskOptions, ask } from "../../support/ask.ts";
import { listing } from "../../support/listing.ts";
import { withNode } from "../../support/machine/nodes.ts";
import { canMount, smallDisk } from "../../support/machine/small-disk.ts";
import { run, say } from "../../support/model/replies.ts";
import type { Script } from "../../support/model/server.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

interface Case extends AskOptions {
  /** What is wrong, for the title. */
  readonly what: string;
  readonly args: readonly string[];
  /** What the one line names: the flag, or the thing. */
  readonly names: string;
  readonly kind?: string;
}

/** Codex's limit of all text of a turn together, in code points. */
const MOST_CHARACTERS = 1_048_576;

const LATIN1 = Buffer.from("caf\xe9", "latin1");

const FILES = {
  "task.md": "Do it.\n",
  "latin1.md": LATIN1,
  "blank.md": " \n\t\n",
  "array.json": "[]",
  "broken.json": "{",
  "schema.json": '{"type": "object"}',
  "banana.json": '{"type": "banana"}',
};

const CASES: readonly Case[] = [
  { what: "an empty task", args: [""], names: "Request text is empty" },
  { what: "an empty --task", args: ["--task", ""], names: "Request text is empty" },
  { what: "a blank task", args: [" \n\t "], names: "Request text is empty" },
  { what: "a blank prompt file", args: ["--prompt-file", "blank.md"], names: "Request text is empty" },
  { what: "no task, and nothing on stdin", args: [], names: "Request text is empty" },
  { what: "no task, and an empty pipe on stdin", args: [], stdin: { text: "" }, names: "Request text is empty" },
  { what: "an unknown flag", args: ["--frobnicate", "task"], names: "--frobnicate" },
  { what: "an unknown short flag", args: ["-z", "task"], names: "-z" },
  { what: "a mistyped flag", args: ["--modle", "x", "task"], names: "Did you mean --model" },
  { what: "a value for a flag that takes none", args: ["--read-only=yes", "task"], names: "--read-only" },
  { what: "a second task", args: ["task", "other words"], names: "other words" },
  { what: "a one-word task that begins with a dash", args: ["-fix"], names: "put -- before it" },
  { what: "a task that a flag took", args: ["--model", "fix it"], names: '--model was given "fix it"' },
  {
    what: "a mistyped command with words",
    args: ["handof", "check", "x.md"],
    names: "Did you mean ask_codex handoff?",
  },
  { what: "two tasks", args: ["-t", "task", "-t", "other words"], names: "--task came twice" },
  { what: "stdin and a task", args: ["-", "--prompt-file", "task.md"], names: "The task came twice" },
  { what: "a policy below a file", args: ["route", "-w", "task.md", "task"], names: "Workspace is not a folder" },
  {
    what: "a handoff below a file",
    args: ["handoff", "new", "x", "-w", "task.md"],
    names: "Workspace is not a folder",
  },
  { what: "a task as flag and as argument", args: ["-t", "task", "other words"], names: "other words" },
  { what: "a task as flag and as file", args: ["-t", "x", "--prompt-file", "task.md"], names: "--prompt-file" },
  { what: "a task as argument and as file", args: ["task", "--prompt-file", "task.md"], names: "--prompt-file" },
  { what: "a missing prompt file", args: ["--prompt-file", "no.md"], names: "no.md (there is no such file)" },
  { what: "a folder for a prompt file", args: ["--prompt-file", "."], names: "--prompt-file" },
  { what: "a prompt file that cannot be read", args: ["--prompt-file", "/proc/self/mem"], names: "--prompt-file" },
  { what: "a prompt file below a file", args: ["--prompt-file", "task.md/x"], names: "--prompt-file" },
  { what: "a prompt file that is not UTF-8", args: ["--prompt-file", "latin1.md"], names: "--prompt-file" },
  { what: "stdin that is not UTF-8", args: [], stdin: { text: LATIN1 }, names: "stdin" },
  { what: "stdin as -, no UTF-8", args: ["-"], stdin: { text: LATIN1 }, names: "stdin" },
  { what: "stdin as prompt file, no UTF-8", args: ["--prompt-file", "-"], stdin: { text: LATIN1 }, names: "stdin" },
  { what: "a missing workspace", args: ["-w", "nowhere", "task"], names: "Workspace does not exist: nowhere" },
  { what: "a workspace that is a file", args: ["-w", "task.md", "task"], names: "Workspace is not a folder: task.md" },
  { what: "read-only with network", args: ["--read-only", "--network", "task"], names: "--network" },
  { what: "--sandbox read-only with network", args: ["--sandbox", "read-only", "--network", "t"], names: "--network" },
  { what: "read-only with a writable folder", args: ["--read-only", "--add-dir", ".", "task"], names: "--add-dir" },
  {
    what: "full access with a folder",
    args: ["--sandbox", "danger-full-access", "--add-dir", ".", "t"],
    names: "--add-dir",
  },
  { what: "an unknown sandbox mode", args: ["--sandbox", "paranoid", "task"], names: "--sandbox" },
  { what: "a fork of nothing", args: ["--fork", "task"], names: "--fork" },
  { what: "repair rounds without a check", args: ["--verify-rounds", "2", "task"], names: "--verify-rounds" },
  { what: "a name with a blank", args: ["--name", "my session", "task"], names: "--name" },
  { what: "a name that is a path", args: ["--name", "../x", "task"], names: "--name" },
  { what: "a name of 65 characters", args: ["--name", "n".repeat(65), "task"], names: "--name" },
  { what: "an override that is not a key=value", args: ["--config", "model", "task"], names: "--config" },
  {
    what: "an override that opens a folder",
    args: ["--config", 'sandbox_workspace_write.writable_roots=["/"]', "task"],
    names: "--add-dir",
  },
  {
    what: "an override of the sandbox's table",
    args: ["--config", "sandbox_workspace_write={}", "task"],
    names: "--sandbox",
  },
  { what: "a task that a flag has taken", args: ["--role", "fix the parser"], names: "is that the task?" },
  { what: "a task that an output has taken", args: ["-o", "fix the parser"], names: "is that the task?" },
  { what: "a task that a check has taken", args: ["--verify-cmd", "fix it"], names: '--verify-cmd was given "fix it"' },
  { what: "an override without a key", args: ["--config", "=x", "task"], names: "--config" },
  { what: "a missing schema", args: ["--output-schema", "no.json", "task"], names: "--output-schema" },
  { what: "a schema that is not JSON", args: ["--output-schema", "broken.json", "task"], names: "--output-schema" },
  { what: "a schema of no known type", args: ["--output-schema", "banana.json", "task"], names: "--output-schema" },
  { what: "a schema that is a list", args: ["--output-schema", "array.json", "task"], names: "--output-schema" },
  { what: "a missing image", args: ["--image", "no.png", "task"], names: "--image" },
  { what: "a folder for an image", args: ["--image", ".", "task"], names: "--image" },
  { what: "a missing folder to write in", args: ["--add-dir", "nowhere", "task"], names: "--add-dir" },
  { what: "an output path that is a folder", args: ["-o", ".", "task"], names: "--output" },
  { what: "an output path below a file", args: ["-o", "task.md/report.md", "task"], names: "--output" },
  { what: "an output path below /proc", args: ["-o", "/proc/new/report.md", "task"], names: "--output" },
  { what: "an output path in /proc", args: ["-o", "/proc/report.md", "task"], names: "--output" },
  { what: "an output path that is a device", args: ["-o", "/dev/null", "task"], names: "--output" },
  { what: "an events path that is a folder", args: ["--events", ".", "task"], names: "--events" },
  { what: "an events path below a file", args: ["--events", "task.md/e.jsonl", "task"], names: "--events" },
  { what: "an events path in a missing folder", args: ["--events", "nowhere/e.jsonl", "task"], names: "--events" },
  { what: "an events path below /proc", args: ["--events", "/proc/e.jsonl", "task"], names: "--events" },
  {
    what: "a good output path in a new folder, and bad events",
    args: ["-o", "new/deep/report.md", "--events", ".", "task"],
    names: "--events",
  },
  {
    what: "good events, and a bad output path",
    args: ["--events", "events.jsonl", "-o", ".", "task"],
    names: "--output",
  },
  {
    what: "a session that does not exist",
    args: ["--session", "@nobody", "task"],
    names: "@nobody",
    kind: "session_unknown",
  },
  {
    what: "a session id that is a path",
    args: ["--session", "../../x", "task"],
    names: "../../x",
    kind: "session_unknown",
  },
  {
    what: "an input over Codex's limit",
    args: [],
    stdin: { text: "x".repeat(2_400_000) },
    names: "1048576",
    kind: "input_too_large",
  },
  { what: "report and events in one file", args: ["-o", "./x", "--events", "x", "task"], names: "--events" },
  { what: "a variable with its value", args: ["--keep-env", "A=B", "task"], names: "--keep-env" },
  {
    what: "sessions in a state that is a file",
    args: ["sessions"],
    env: { ASK_CODEX_HOME: "task.md" },
    names: "state",
  },
  { what: "a call from inside a run", args: ["task"], env: { ASK_CODEX_DEPTH: "1" }, names: "inside" },
  { what: "an unknown word for sessions", args: ["sessions", "task"], names: "task" },
  { what: "a limit that is not a number", args: ["--timeout", "ten", "task"], names: "--timeout" },
  { what: "a negative limit", args: ["--idle-timeout", "-1", "task"], names: "--idle-timeout" },
  { what: "a huge limit", args: ["--timeout", "99999999999999999999", "task"], names: "--timeout" },
  { what: "a flag without its value", args: ["task", "--model"], names: "--model" },
  { what: "a flag with an empty value", args: ["--model", "", "task"], names: "--model" },
  { what: "a flag with another flag for a value", args: ["--expect-file", "--json", "task"], names: "--expect-file" },
];

// Neighbours in the table are of one kind: the third of them that is tried with every change meets every kind.
const isUsual = (index: number) => index % 3 === 0;

describe("bad input", () => {
  let world: World;
  let before: Readonly<Record<string, string>>;
  beforeAll(async () => {
    world = await createWorld({ script: [], files: FILES });
    before = await listing(dirname(world.home));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  // A few at a time: each is little more than the start of Node, and none of them may change anything.
  const split = {
    change: CASES.filter((_, index) => isUsual(index)),
    matrix: CASES.filter((_, index) => !isUsual(index)),
  };
  withCases(split, (cases) => {
    test.concurrent.for(cases)("is one line that names it, and exit 1: $what", async (bad) => {
      const { args, names, kind = "usage", ...options } = bad;
      const asked = await ask(world, args, options);
      expect(asked).toMatchObject({ code: 1, signal: null });
      expect(asked.stderr).toMatch(/^\[ERROR\] [^\n]+\n$/);
      expect(asked.stderr).toContain(names);
      if (!args.includes("--json"))
        expect(asked.stdout).toBe(kind === "usage" ? "" : `status=failed\nerror_kind=${kind}\n`);
    });
  });

  test.concurrent.for([
    { args: ["--json", ""], kind: "usage" },
    { args: ["task", "--json", "--frobnicate"], kind: "usage" },
    { args: ["--json", "--session", "@nobody", "task"], kind: "session_unknown" },
    { args: ["--json"], stdin: { text: "x".repeat(1_048_577) }, kind: "input_too_large" },
  ])("with --json is one object as well: $args", async ({ args, kind, ...options }) => {
    const asked = await ask(world, args, options);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toMatch(/^\[ERROR\] [^\n]+\n$/);
    expect(asked.stdout).toMatch(/^[^\n]+\n$/);
    expect(asked.json).toMatchObject({ schema_version: 1, status: "failed", error: { kind } });
  });

  test("starts nothing and writes nothing, in all these cases", async () => {
    expect(world.model.requests).toEqual([]);
    expect(await listing(dirname(world.home))).toEqual(before);
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
  });
});

inMatrix(() => {
  test("an input of exactly Codex's limit is taken, by us and by Codex", async () => {
    await using world = await createWorld({ script: [say("Read.")] });
    const room = MOST_CHARACTERS - [...(frameFor("new", []) ?? "")].length;
    expect(await ask(world, [], { stdin: { text: "😀".repeat(room + 1) } })).toMatchObject({ code: 1 });
    expect(world.model.requests).toEqual([]);
    expect(await ask(world, [], { stdin: { text: "😀".repeat(room) } })).toMatchObject({ code: 0 });
    expect(promptOf(world)).toBe("😀".repeat(room));
  });
});

test("the refusal of an input that is too large has both numbers", async () => {
  await using world = await createWorld({ script: [] });
  const asked = await ask(world, [], { stdin: { text: "😀".repeat(MOST_CHARACTERS + 1) } });
  const [actual = 0, most] = (asked.stderr.match(/\d{6,}/g) ?? []).map(Number);
  expect(most).toBe(MOST_CHARACTERS);
  expect(actual).toBeGreaterThanOrEqual(MOST_CHARACTERS + 1);
  expect(actual).toBeLessThan(1_060_000);
});

withNode("rest", ({ path: node }) => {
  test("a state folder that cannot be one is refused, and nothing is started", async () => {
    await using world = await createWorld({ script: [], files: FILES });
    const before = await listing(dirname(world.home));
    for (const state of ["/proc/x/y", "task.md/state", "/dev/null"]) {
      const asked = await ask(world, ["-o", "new/report.md", "task"], {
        env: { ASK_CODEX_HOME: state },
        node,
      });
      expect(asked, state).toMatchObject({ code: 1, stdout: "" });
      expect(asked.stderr).toMatch(/^\[ERROR\] [^\n]*ASK_CODEX_HOME[^\n]*\n$/);
    }
    expect(await listing(dirname(world.home))).toEqual(before);
    expect(world.model.requests).toEqual([]);
  });
});

test("whoever wants help or the version gets that on stdout, whatever else stands there, and nothing is done", async () => {
  await using world = await createWorld({ script: [] });
  for (const { says, calls } of [
    {
      says: /^Usage: ask_codex/,
      calls: [
        ...["-h", "--help", "--frobnicate --help", "--timeout ten -h", "--model --help"],
        ...["task -w nowhere --help --version", "sessions --help", "help help", "stat --help"],
      ],
    },
    { says: /^\d+\.\d+\.\d+\n$/, calls: ["--version", "--frobnicate --version", "task --version -w nowhere"] },
  ])
    for (const call of calls) {
      const asked = await ask(world, call.split(" "));
      expect(asked, call).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(says) });
    }
  expect(world.model.requests).toEqual([]);
});

inMatrix(() => {
  test("a first argument that is named like a subcommand is one, and such a task needs a flag", async () => {
    await using world = await createWorld({ script: [say("Counted.")] });
    expect(await ask(world, ["sessions"])).toMatchObject({ code: 0, stdout: "" });
    const asked = await ask(world, ["-t", "sessions"]);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(promptOf(world)).toBe("sessions");
  });

  test.for([
    { name: "after --", args: ["--", "--frobnicate"] },
    { name: "as the value of --task", args: ["--task", "--frobnicate"] },
    { name: "as the value of -t", args: ["-t", "--frobnicate"] },
    { name: "with an equals sign", args: ["--task=--frobnicate"] },
  ])("a task that begins with a dash is a task $name", async ({ args }) => {
    await using world = await createWorld({ script: [say("Done.")] });
    expect(await ask(world, args)).toMatchObject({ code: 0 });
    expect(promptOf(world)).toBe("--frobnicate");
  });
});

/** The last text item that Codex sent: the task as it was written. */
function promptOf(world: World): string | undefined {
  const input = world.model.requests[0]?.body.input ?? [];
  return input.findLast(({ role }) => role === "user")?.content?.at(-1)?.text;
}

const NO_ROOM = "status=failed\nerror_kind=system\n";

describe.runIf(canMount)("a full disk", () => {
  test("is found before anything is started, for the report and for our own files", async () => {
    await using world = await createWorld({ script: [] });
    await using disk = await smallDisk(world.home);
    disk.fill();
    const report = await ask(world, ["-o", join(disk.path, "new", "report.md"), "task"]);
    expect(report).toMatchObject({ code: 1, stdout: NO_ROOM });
    expect(report.stderr).toMatch(/^\[ERROR\] [^\n]*--output[^\n]*\n$/);
    const state = await ask(world, ["task"], { env: { ASK_CODEX_HOME: disk.path } });
    expect(state).toMatchObject({ code: 1, stdout: NO_ROOM });
    expect(state.stderr).toMatch(/^\[ERROR\] [^\n]*ASK_CODEX_HOME[^\n]*\n$/);
    expect(world.model.requests).toEqual([]);
  });

  inMatrix(() => {
    test.for([
      { where: "the state folder", args: [], env: (disk: string) => ({ ASK_CODEX_HOME: disk }) },
      { where: "the report", args: ["-o"], env: () => ({}) },
      { where: "the events", args: ["--events"], env: () => ({}) },
    ])("that fills up under $where in the middle makes the run fail, never succeed", async ({ args, env }) => {
      let fill = () => {};
      const script: Script = (_, index) => {
        fill();
        return index === 0 ? run("true") : say(LONG);
      };
      await using world = await createWorld({ script });
      await using disk = await smallDisk(world.home);
      fill = disk.fill;
      const paths = args.flatMap((flag) => [flag, join(disk.path, "file")]);
      const asked = await ask(world, [...paths, "task"], { env: env(disk.path) });
      expect(asked).toMatchObject({ code: 1, signal: null, keys: { status: "failed", error_kind: "system" } });
      expect(asked.keys.session_id).toMatch(/^[0-9a-f-]{36}$/);
      expect(asked.stderr).toMatch(/^\[ERROR\] /m);
    });
  });
});

// More than what is left of a page that a file on the disk has begun.
const LONG = "All is well. ".repeat(1_000);

test.runIf(process.platform === "linux")("events that go to a full device make the run fail", async () => {
  await using world = await createWorld({ script: [say("All is well.")] });
  const asked = await ask(world, ["--events", "/dev/full", "task"]);
  expect(asked.code).toBe(1);
  expect(asked.stderr).toMatch(/^\[ERROR\] /m);
  expect(asked.stdout).not.toContain("completed");
});
