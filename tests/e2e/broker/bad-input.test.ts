import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { listing } from "../../support/listing.ts";
import { say } from "../../support/model/replies.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

/** One line that begins as the original's, and nothing on stdout. */
const refusal = (text: string) => ({
  code: 1,
  stdout: "",
  stderr: expect.stringMatching(new RegExp(`^\\[ERROR\\] [^\\n]*${text}[^\\n]*\\n$`)),
});

describe("a command line that is wrong", () => {
  test("gets one clear line and exit 1, starts nothing and writes nothing", async () => {
    await using world = await createWorld({ script: [] });
    await using broker = brokerIn(world);
    const before = await listing(world.home);
    const cases: readonly (readonly [string, ...string[]])[] = [
      ["Unknown command: begin", "begin", "x"],
      ["Unknown option: --steer", "start", "--steer", "Begin"],
      ["Unknown option: --session", "send", "x", "--session", "y", "Go on"],
      ["--wait", "start", "Begin", "--wait=soon"],
      ["start requires an initial task", "start"],
      ["start requires an initial task", "start", " \n "],
      ["Unexpected argument: work", "start", "Do", "work"],
      ["Workspace does not exist: /nowhere", "start", "-w", "/nowhere", "Begin"],
      ["--approvals", "start", "--approvals", "maybe", "Begin"],
      ["--linger soon is not a time", "start", "--linger", "soon", "Begin"],
      ["--timeout -1 is not a time", "start", "--timeout=-1", "Begin"],
      ["--sandbox", "start", "--sandbox", "none", "Begin"],
      ["contradict", "start", "--read-only", "--network", "Begin"],
      ["--fork", "start", "--fork", "Begin"],
      ...[
        "send",
        "answer",
        "status",
        "summary",
        "wait",
        "logs",
        "stop",
        "resume",
        "approve",
        "deny",
        "patch",
        "apply",
      ].map((command): readonly [string, ...string[]] =>
        command === "status"
          ? ["Unknown broker session: x", command, "x"]
          : [`${command} requires a broker id`, command],
      ),
      ["send requires a broker id", "send", "", "Go on"],
    ];
    const ended = await Promise.all(cases.map(async ([text, ...args]) => ({ args, text, ...(await broker(...args)) })));
    for (const { args, text, code, stdout, stderr } of ended)
      expect({
        args,
        code,
        stdout: stdout.replace(/^status=failed\nerror_kind=session_unknown\n$/, ""),
        stderr,
      }).toMatchObject({
        args,
        ...refusal(text),
      });
    expect(await listing(world.home)).toEqual(before);
    expect(await broker("list", "--all")).toMatchObject({ code: 0, stdout: "" });
    expect(world.model.requests).toEqual([]);
  });

  inMatrix(() => {
    test("about a session that is there leaves it as it was", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--wait");
      const before = await broker.events(id);
      const cases: readonly (readonly [string, ...string[]])[] = [
        ["send requires a message", "send", id],
        ["send requires a message", "send", id, " \n"],
        ["Unexpected argument: on", "send", id, "Go", "on"],
        ["Unexpected argument: Go.*codex_broker", "send", id, "Go", "--task", "on"],
        ["contradict", "send", id, "--steer", "--interrupt", "Go on"],
        ["--sandbox", "send", id, "--sandbox", "none", "Go on"],
        ["--image", "send", id, "--image", "nowhere.png", "Look"],
        ["--prompt-file", "send", id, "--prompt-file", "/nowhere"],
        ["not valid UTF-8", "send", id, "--prompt-file", join(world.home, "bytes")],
        ["answer requires a text", "answer", id],
        ["Nothing is asked", "answer", id, "yes"],
        ["Nothing is asked|question q", "answer", id, "--question", "q", "yes"],
        ["Nothing waits for approval", "approve", id],
        ["Nothing waits for approval", "deny", id, "no"],
        ["Unknown option: --interrup", "send", id, "--interrup", "Go on"],
        ["not both", "stop", id, "--all"],
      ];
      await writeFile(join(world.home, "bytes"), Buffer.from([0x61, 0xff, 0x62]));
      for (const [text, ...args] of cases) expect({ args, ...(await broker(...args)) }).toMatchObject(refusal(text));
      expect(await broker.events(id)).toEqual(before);
      expect((await broker("status", id)).keys).toMatchObject({ pending_count: "0", worker: "alive" });
    });
  });
});

inMatrix(() => {
  test("an id may be shortened as long as only one is meant; of an unknown one the nearest are told", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const none = await broker("status", "x");
    expect(none).toMatchObject(refusal("Unknown broker session: x.*codex_broker start"));
    const one = await broker.start("Begin", "--wait");
    const other = await broker.start("Begin", "--wait");
    expect((await broker("status", one.slice(0, -3))).keys).toMatchObject({ broker_id: one });
    const same = [...one].findIndex((character, index) => character !== other[index]);
    const ambiguous = await broker("send", one.slice(0, same), "Go on");
    expect(ambiguous).toMatchObject(refusal("begin with"));
    for (const id of [one, other]) expect(ambiguous.stderr).toContain(id);
    const unknown = await broker("send", `${other.slice(0, -2)}zz`, "Go on");
    expect(unknown).toMatchObject(refusal(`Unknown broker session: ${other.slice(0, -2)}zz.*nearest.*: ${other}`));
    for (const odd of ["../..", "/etc", ".", "a b", "@nobody", "%2e", "x".repeat(300)])
      expect(await broker("stop", odd), odd).toMatchObject(refusal("Unknown broker session"));
  });
});

test("a corrupt state.json is named and kept, and harms no other session", async () => {
  await using world = await createWorld({ script: () => say("Well.") });
  await using broker = brokerIn(world);
  const [damaged, sound] = [await broker.start("Begin", "--wait"), await broker.start("Begin", "--wait")];
  await broker("stop", damaged);
  const path = join(broker.folder(damaged), "state.json");
  const whole = await readFile(path, "utf8");
  const torn = '{"broker_id": "2026';
  await writeFile(path, torn);
  for (const command of [["status"], ["summary"], ["wait"], ["send", "Go on"], ["resume"], ["answer", "x"]]) {
    const [name = "", ...text] = command;
    const refused = await broker(name, damaged, ...text);
    expect({ command, code: refused.code }).toEqual({ command, code: 1 });
    expect(refused.stderr).toContain(path);
  }
  const listed = await broker("list");
  expect(listed.code).toBe(1);
  expect(listed.stdout).toContain(sound);
  expect(listed.stderr).toContain(path);
  expect((await broker("clean", "--older-than", "0m")).stdout).toContain(`kept=${broker.folder(damaged)} (`);
  expect(await broker("send", sound, "Go on", "--wait")).toMatchObject({ code: 0 });
  expect(await broker("start", "Begin", "--wait")).toMatchObject({ code: 0 });
  expect(await readFile(path, "utf8")).toBe(torn);
  expect(await payloadsOf(broker, damaged, "message_accepted")).toHaveLength(1);
  await writeFile(path, whole);
  // No worker could come up with such a journal: the message would wait for ever.
  const journal = join(broker.folder(damaged), "events.jsonl");
  const events = await readFile(journal, "utf8");
  await writeFile(journal, "garbage\n");
  const unread = await broker("send", damaged, "Go on");
  expect(unread).toMatchObject({ code: 1, keys: { status: "failed" } });
  expect(unread.stderr).toContain(journal);
  await writeFile(journal, events);
});

inMatrix(() => {
  test("a thread that nobody knows fails the run that was to go on with it", async () => {
    await using world = await createWorld({ script: [] });
    await using broker = brokerIn(world);
    const started = await broker("start", "--session", "0199f0a0-0000-7000-8000-000000000000", "Go on", "--wait");
    expect(started).toMatchObject({ code: 1, keys: { status: "attention_required", error_kind: "session_unknown" } });
    expect(started.stdout).toContain("[ERROR] session_unknown");
    const named = await broker("start", "--session", "@nobody", "Go on");
    expect(named).toMatchObject({ code: 1, keys: { error_kind: "session_unknown" } });
  });

  test("a journal that has lost its beginning is named and kept", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--wait");
    await broker("stop", id);
    const path = join(broker.folder(id), "events.jsonl");
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.slice(20));
    for (const command of ["resume", "patch"]) {
      const refused = await broker(command, id);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(path) });
    }
    expect(await readFile(path, "utf8")).toBe(whole.slice(20));
    await writeFile(path, whole);
  });
});

const root = process.getuid?.() === 0;

inMatrix(() => {
  test("a state folder that cannot be written is named, and nothing is started", async () => {
    await using world = await createWorld({ script: [] });
    await using broker = brokerIn(world);
    await writeFile(join(world.home, "file"), "");
    const env = { ASK_CODEX_HOME: join(world.home, "file", "state") };
    const refused = await broker.with({ env }, "start", "Begin");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^\[ERROR\] [^\n]*file[^\n]*\n$/);
    const elsewhere = { CODEX_BROKER_SESSION_ROOT: join(world.home, "file", "sessions") };
    const other = await broker.with({ env: elsewhere }, "start", "Begin");
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/^\[ERROR\] [^\n]*file[^\n]*\n$/);
    expect(await broker.with({ env: elsewhere }, "list")).toMatchObject({ code: 1, stdout: "" });
    if (root) return;
    await mkdir(world.state, { mode: 0o500 });
    expect((await broker("start", "Begin")).stderr).toContain(world.state);
    await chmod(world.state, 0o700);
  });
});

inMatrix(() => {
  test.runIf(root)("a session folder of another user is not touched, and hides no other", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const [foreign, own] = [await broker.start("Begin", "--wait"), await broker.start("Begin", "--wait")];
    await broker("stop", foreign);
    await chown(broker.folder(foreign), 12345, 12345);
    const before = await listing(broker.folder(foreign));
    for (const command of ["status", "summary", "wait", "logs", "stop", "resume", "approve", "patch"])
      expect(await broker(command, foreign), command).toMatchObject(refusal("belongs to another user"));
    expect(await broker("send", foreign, "Go on")).toMatchObject(refusal("belongs to another user"));
    const listed = await broker("list");
    expect(listed.stdout).toContain(own);
    expect(await broker("stop", "--all")).toMatchObject({ code: 0, stdout: expect.not.stringContaining(foreign) });
    expect((await broker("clean", "--older-than", "0m")).stdout).not.toContain(`removed=${broker.folder(foreign)}`);
    expect(await listing(broker.folder(foreign))).toEqual(before);
    await chown(broker.folder(foreign), 0, 0);
  });

  test("Codex itself cannot start or feed sessions", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--wait");
    const inside = { env: { ASK_CODEX_DEPTH: "1" } };
    for (const command of [
      ["start", "Begin"],
      ["send", id, "Go on"],
      ["resume", id],
      ["answer", id, "x"],
      ["approve", id],
    ])
      expect(await broker.with(inside, ...command)).toMatchObject(refusal("inside one of its own runs"));
    expect(await broker.with(inside, "status", id)).toMatchObject({ code: 0 });
    expect(world.model.requests).toHaveLength(1);
  });
});
