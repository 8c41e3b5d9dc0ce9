import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { shortOwn } from "../../../src/files/state-paths.ts";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { run, say, silence } from "../../support/model/replies.ts";
import { tasksIn, toldTo } from "../../support/model/wire.ts";
import { resultsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

describe("start", () => {
  test("returns with the work running, and tells which session it is", async () => {
    await using world = await createWorld({ script: () => silence() });
    await using broker = brokerIn(world);
    const started = await broker("start", "Begin");
    const id = started.keys["broker_id"] ?? "";
    expect(started).toMatchObject({
      code: 0,
      stdout: `broker_id=${id}\nsession_dir=${broker.folder(id)}\nstatus=queued\n`,
      stderr: "",
    });
    await world.model.asked(1);
    expect((await broker("status", id)).keys).toMatchObject({ status: "running", worker: "alive" });
  });

  test("--wait stays until the session settles, or for so many seconds, and exits like its run", async () => {
    const script = [say("One."), say("Shall I?"), silence()];
    await using world = await createWorld({ script });
    await using broker = brokerIn(world);
    const done = await broker("start", "--wait", "Begin");
    expect(done).toMatchObject({ code: 0, keys: { status: "waiting_input", last_run_status: "completed" } });
    expect(await readFile(done.keys["last_output_path"] ?? "", "utf8")).toContain("One.");
    const asks = await broker("start", "Begin", "--wait", "30");
    expect(asks).toMatchObject({
      code: 4,
      keys: { last_run_status: "waiting_for_input", question: "closing: Shall I?" },
    });
    const id = await broker.start("Begin");
    await world.model.asked(3);
    const more = await broker("send", id, "More", "--wait", "1");
    expect(more).toMatchObject({ code: 0, keys: { delivered: "queued", status: "running", pending_count: "2" } });
  });

  inMatrix(() => {
    test.each([
      { name: "an argument", flags: (text: string) => [text] },
      { name: "--task", flags: (text: string) => ["--task", text] },
    ])("$name reaches Codex byte for byte, here and with send", async ({ flags }) => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start(...flags(ODD), "--wait");
      await broker("send", id, ...flags(`${ODD}!`), "--wait");
      expect(tasksIn(world.model.requests.at(-1))).toEqual([ODD, `${ODD}!`]);
    });
  });

  inMatrix(() => {
    test("stdin and a file reach Codex byte for byte, here and with send and answer", async () => {
      await using world = await createWorld({ script: (_, index) => say(index === 2 ? "Shall I?" : "Well.") });
      await using broker = brokerIn(world);
      const started = await broker.with({ stdin: { text: ODD } }, "start", "--wait");
      expect(started.code).toBe(0);
      const id = started.keys["broker_id"] ?? "";
      await writeFile(join(world.home, "prompt"), `${ODD}2`);
      await broker("send", id, "--prompt-file", join(world.home, "prompt"), "--wait");
      await broker.with({ stdin: { text: `${ODD}3` } }, "send", id, "--wait");
      expect(await broker.with({ stdin: { text: `${ODD}4` } }, "answer", id, "--wait")).toMatchObject({ code: 0 });
      expect(tasksIn(world.model.requests.at(-1))).toEqual([ODD, `${ODD}2`, `${ODD}3`, `${ODD}4`]);
    });

    test("the files of -f are named in every turn, with those of a message beside them", async () => {
      await using world = await createWorld({ script: () => say("Well."), files: { "a.txt": "a", "b.txt": "b" } });
      await using broker = brokerIn(world);
      const id = await broker.start("-f", "a.txt:2", "Begin", "--wait");
      await broker("send", id, "Go on", "-f", "b.txt", "--wait");
      await broker("send", id, "And on", "--wait");
      const frames = world.model.requests.map((request) => toldTo(request).slice(0, -1).join("\n"));
      expect(frames.map((frame) => ["a.txt", "b.txt"].filter((name) => frame.includes(name)))).toEqual([
        ["a.txt"],
        ["a.txt", "b.txt"],
        ["a.txt"],
      ]);
      expect(frames[2]).toContain("a.txt:2");
    });
  });

  test("--name makes @name mean the newest of that name in this workspace, and says so where there are two", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const older = await broker.start("--name", "x", "The older", "--wait");
    const { keys, stderr } = await broker("start", "--name", "x", "The newer", "--wait");
    const newer = keys["broker_id"];
    const warning = `[WARNING] Session ${shortOwn(older)} of this work tree is called x too: @x means the newest of that name.`;
    expect(stderr.match(/^\[WARNING\].*$/gm)).toEqual([warning]);
    expect((await broker("status", "@x")).keys).toMatchObject({ broker_id: newer, name: "x" });
    const sent = await broker("send", "@x", "Go on", "--wait");
    expect(sent).toMatchObject({ code: 0, keys: { broker_id: newer } });
    const elsewhere = await broker.with({ cwd: world.home }, "status", "@x");
    expect(elsewhere).toMatchObject({ code: 1, stdout: "" });
    expect(elsewhere.stderr).toContain("Unknown broker session: @x");
  });

  test("--session goes on with what ask_codex did, with its settings; --fork branches off from it", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const asked = await ask(world, ["--name", "x", "--read-only", "Begin"]);
    const session = asked.keys.session_id ?? "";
    const id = await broker.start("--session", "@x", "Go on", "--wait");
    expect((await broker.state(id)).session_id).toBe(session);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on"]);
    const fork = await broker.start("--session", session, "--fork", "Branch off", "--wait");
    expect((await broker.state(fork)).session_id).not.toBe(session);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on", "Branch off"]);
    await broker("send", fork, "Twig", "--wait");
    await broker("send", id, "Trunk", "--wait");
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on", "Trunk"]);
    for (const each of [id, fork])
      for (const { receipt } of await resultsOf(broker, each)) expect(receipt["sandbox"]).toBe("read-only");
  });

  inMatrix(() => {
    test("what shapes a turn of ask_codex shapes every turn of a session", async () => {
      const script = [run("touch done"), say("Done."), run("rm done"), say("Undone.")];
      await using world = await createWorld({ script });
      await using broker = brokerIn(world);
      const flags = [
        "--model",
        "m",
        "--reasoning",
        "low",
        "--network",
        "--expect-file",
        "done",
        "--verify-cmd",
        "test -e done",
      ];
      const id = await broker.start(...flags, "Begin", "--wait");
      expect(await broker("send", id, "Undo it", "--wait")).toMatchObject({
        code: 1,
        keys: { status: "attention_required" },
      });
      const results = await resultsOf(broker, id);
      expect(results).toMatchObject([
        { status: "completed", checks: [{ passed: true }, { passed: true }], changes: [{ path: "done" }] },
        { status: "validation_failed", checks: [{ passed: false }, { passed: false }] },
      ]);
      for (const { receipt } of results)
        expect(receipt).toMatchObject({ model: "m", effort: "low", sandbox: "workspace-write" });
    });
  });
});

// Blank lines at both ends, quotes of all kinds, what a shell would expand, a carriage return, a tab.
const ODD = "\n\n  \"quoted\" 'so' `and so` $HOME $(id)\r\n\n\t— ünïcode 続 \\n \n\n";
