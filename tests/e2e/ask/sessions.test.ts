import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { shortThread } from "../../../src/cli/output/short-ids.ts";
import { ask, sessionFlags, startAsk } from "../../support/ask.ts";
import { codexBin } from "../../support/codex.ts";
import { listing } from "../../support/listing.ts";
import { say, silence } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

describe("which session is meant", () => {
  test("a name finds the newest of that name in this workspace, and in no other; that it is not the only one is told", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    const older = await ask(world, ["--name", "x", "The older"]);
    const newer = await ask(world, ["--name", "x", "The newer"]);
    const other = shortThread(older.keys.session_id ?? "");
    expect(newer.stderr.match(/^\[WARNING\].*$/gm)).toEqual([
      `[WARNING] Session ${other} of this work tree is called x too: @x means the newest of that name.`,
    ]);
    const found = await ask(world, ["--session", "@x", "Go on"]);
    expect(found).toMatchObject({ code: 0, keys: { session_id: newer.keys.session_id } });
    const elsewhere = await ask(world, ["--session", "@x", "Go on"], { cwd: world.home });
    expect(elsewhere).toMatchObject({ code: 1, keys: { error_kind: "session_unknown" } });
    expect(elsewhere.stderr).toContain("There is one in another: -w ");
  });

  test("a fork has the history and the settings, an id of its own, and leaves its parent alone", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    const parent = await ask(world, ["--name", "x", "--sandbox", "read-only", "--model", "m", "Begin"]);
    const fork = await ask(world, [...sessionFlags(parent), "--fork", "--json", "Branch off"], { cwd: world.home });
    expect(fork.json).toMatchObject({ status: "completed", receipt: { sandbox: "read-only", model: "m" } });
    expect(fork.json?.receipt["workspace"]).toBe(world.workspace);
    expect(fork.json?.session_id).not.toBe(parent.keys.session_id);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Branch off"]);
    expect((await ask(world, ["--session", "@x", "Go on"])).keys.session_id).toBe(parent.keys.session_id);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on"]);
  });

  test("`sessions` lists those of this workspace, newest first; --all those of every one", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    const none = "[codex] No session yet: ask_codex 'a task' begins one.\n";
    expect(await ask(world, ["sessions"])).toMatchObject({ code: 0, stdout: "", stderr: none });
    const elsewhere = await ask(world, ["Elsewhere\nand more"], { cwd: world.home });
    const older = await ask(world, ["--name", "x", "The older"]);
    const newer = await ask(world, ["The newer"]);
    const here = await ask(world, ["sessions"]);
    expect(
      here.stdout
        .trim()
        .split("\n")
        .map((line) => line.split("\t")),
    ).toMatchObject([
      { 0: newer.keys.session_id, 1: "-", 2: "completed", 5: "The newer" },
      { 0: older.keys.session_id, 1: "@x", 2: "completed", 5: "The older" },
    ]);
    const all = JSON.parse((await ask(world, ["sessions", "--all", "--json"])).stdout);
    expect(all).toMatchObject([
      { session_id: newer.keys.session_id, workspace: world.workspace, status: "completed" },
      { session_id: older.keys.session_id, name: "x", sandbox: "workspace-write" },
      { session_id: elsewhere.keys.session_id, workspace: world.home, title: "Elsewhere" },
    ]);
  });

  test.each([
    { name: "that nobody knows", session: "0199f0a0-0000-7000-8000-000000000000" },
    { name: "that is not an id", session: "nonsense" },
    { name: "that is a path", session: "../../etc/passwd" },
    { name: "of a name nobody gave", session: "@nobody" },
  ])("a session $name is refused, with the way to list them, and leaves nothing", async ({ session }) => {
    await using world = await createWorld({ script: [] });
    const asked = await ask(world, ["--session", session, "Go on"]);
    expect(asked).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "session_unknown" } });
    expect(asked.stderr).toMatch(/^\[ERROR\] .*`ask_codex sessions`\.\n$/);
    expect(await filesOf(world)).toEqual([]);
  });

  inMatrix(() => {
    test("a thread in which nothing was ever said cannot be continued", async () => {
      await using world = await createWorld({ script: [] });
      const asked = await ask(world, ["--session", await emptyThread(world), "Go on"]);
      expect(asked).toMatchObject({ code: 1, keys: { error_kind: "session_unknown" } });
      expect(await filesOf(world)).toEqual([]);
    });

    test("a session whose workspace is gone says so; -w gives it another", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      const first = await ask(world, ["Begin"]);
      await rm(world.workspace, { recursive: true });
      const lost = await ask(world, [...sessionFlags(first), "Go on"], { cwd: world.home });
      expect(lost.code).toBe(1);
      expect(lost.stderr).toContain(`workspace is gone: ${world.workspace}`);
      expect(lost.stderr).toContain("-w");
      expect((await ask(world, [...sessionFlags(first), "-w", ".", "Go on"], { cwd: world.home })).code).toBe(0);
    });

    test("a damaged record is named and kept, and harms no other session", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      const [damaged, sound] = [await ask(world, ["Begin"]), await ask(world, ["Another"])];
      const record = join(world.state, "threads", `${damaged.keys.session_id}.json`);
      await writeFile(record, '{"schema_version": 1, "thr');
      const asked = await ask(world, [...sessionFlags(damaged), "Go on"]);
      expect(asked).toMatchObject({ code: 1, keys: { status: "failed" } });
      expect(asked.stderr).toContain(record);
      const listed = await ask(world, ["sessions"]);
      expect(listed.stdout).toContain(sound.keys.session_id);
      expect(listed.stderr).toContain(record);
      expect(await readFile(record, "utf8")).toBe('{"schema_version": 1, "thr');
    });
  });
});

describe("one turn at a time", () => {
  test("a second run on a session that is in use is refused and names the first; afterwards it may", async () => {
    await using world = await createWorld({ script: [say("1"), silence(), say("3")] });
    const first = await ask(world, ["Begin"]);
    await using holding = startAsk(world, [...sessionFlags(first), "Take your time"]);
    await world.model.asked(2);
    const refused = await ask(world, [...sessionFlags(first), "Me too"]);
    expect(refused).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "session_busy" } });
    holding.child.kill("SIGINT");
    const held = await holding.done;
    expect(held).toMatchObject({ code: 130, keys: { status: "cancelled" } });
    expect(refused.stderr).toContain(held.keys.run_id);
    // What was cancelled goes on, and remembers.
    expect(await ask(world, [...sessionFlags(first), "Now"])).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Take your time", "Now"]);
  });

  inMatrix(() => {
    test("of two runs that race for a session, one works and the other is told", async () => {
      await using world = await createWorld({ script: (_, index) => (index === 0 ? say("1") : silence()) });
      const first = await ask(world, ["Begin"]);
      await using one = startAsk(world, [...sessionFlags(first), "I"]);
      await using other = startAsk(world, [...sessionFlags(first), "No, I"]);
      await world.model.asked(2);
      const loser = await Promise.race([one, other].map(async (run) => ({ run, ended: await run.done })));
      expect(loser.ended).toMatchObject({ code: 1, keys: { error_kind: "session_busy" } });
      const winner = loser.run === one ? other : one;
      winner.child.kill("SIGTERM");
      const won = await winner.done;
      expect(won).toMatchObject({ code: 143, keys: { session_id: first.keys.session_id } });
      expect(loser.ended.stderr).toContain(won.keys.run_id);
      expect(world.model.requests).toHaveLength(2);
    });

    test("a session that a Codex of somebody else's holds is in use as well", async () => {
      await using world = await createWorld({ script: [say("1"), silence()] });
      const first = await ask(world, ["Begin"]);
      const options = { cwd: world.workspace, env: world.env, stdio: "ignore", detached: true } as const;
      const codex = spawn(codexBin(), ["exec", "resume", first.keys.session_id ?? "", "Hold it"], options);
      await world.model.asked(2);
      const refused = await ask(world, [...sessionFlags(first), "Me too"]);
      expect(refused).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "session_busy" } });
      const ended = once(codex, "exit");
      process.kill(-(codex.pid ?? 0), "SIGKILL");
      await ended;
    });

    test("a session that is in use can be forked all the same", async () => {
      await using world = await createWorld({ script: [say("1"), silence(), say("3")] });
      const first = await ask(world, ["Begin"]);
      await using holding = startAsk(world, [...sessionFlags(first), "Take your time"]);
      await world.model.asked(2);
      expect(await ask(world, [...sessionFlags(first), "--fork", "Branch off"])).toMatchObject({ code: 0 });
      holding.child.kill("SIGTERM");
      expect(await holding.done).toMatchObject({ code: 143 });
    });
  });
});

/** Opens a thread and ends Codex before anything is said in it. */
async function emptyThread(world: World): Promise<string> {
  const client = { clientInfo: { name: "test", version: "0" } };
  const messages = [
    { id: 1, method: "initialize", params: client },
    { method: "initialized" },
    { id: 2, method: "thread/start", params: { cwd: world.workspace } },
  ];
  const server = execa(codexBin(), ["app-server"], { cwd: world.workspace, env: world.env, extendEnv: false });
  server.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  for await (const line of server) {
    const id = /^\{"id":2,.*?"thread":\{"id":"([^"]+)"/.exec(line)?.[1];
    if (id === undefined) continue;
    server.stdin.end();
    await server;
    return id;
  }
  throw new Error("no thread was opened");
}

/** The files in the state folder; its empty folders are not a trace of anything. */
async function filesOf({ state }: World): Promise<readonly string[]> {
  await mkdir(state, { recursive: true });
  const entries = Object.entries(await listing(state));
  return entries.flatMap(([path, what]) => (what.endsWith("folder") ? [] : [path]));
}
