import { access, chmod, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, sessionFlags } from "../support/ask.ts";
import { brokerIn } from "../support/broker.ts";
import { run, say, silence } from "../support/model/replies.ts";
import type { Script } from "../support/model/server.ts";
import { inMatrix } from "../support/suite.ts";
import { untilGone } from "../support/until.ts";
import { createWorld, type World } from "../support/world.ts";

const TOUCH = run('touch "$HOME/outside"; true');

async function isOutside(world: World): Promise<boolean> {
  return access(join(world.home, "outside")).then(
    () => true,
    () => false,
  );
}

test("a session's record grants neither full access nor more: a follow-up has what its own flags say", async () => {
  await using world = await createWorld({ script: [say("1"), TOUCH, say("2"), TOUCH, say("3")] });
  const first = await ask(world, ["Work"]);
  const record = join(world.state, "threads", `${first.keys["session_id"]}.json`);
  const text = await readFile(record, "utf8");
  await writeFile(record, text.replace('"mode": "workspace-write"', '"mode": "danger-full-access"'));
  const second = await ask(world, [...sessionFlags(first), "--json", "Go on"]);
  expect(second.json?.receipt).toMatchObject({ sandbox: "workspace-write", network: false, writable_roots: [] });
  expect(await isOutside(world)).toBe(false);
  expect(second.stderr).toContain("To allow it again, add: --sandbox danger-full-access");
  const third = await ask(world, [...sessionFlags(first), "--sandbox", "danger-full-access", "Go on"]);
  expect(third.code).toBe(0);
  expect(await isOutside(world)).toBe(true);
});

inMatrix(() => {
  test("a queued message that was granted more waits in another worker until the flags are given again", async () => {
    const script: Script = (_, index) => (index === 0 ? silence() : say("Done."));
    await using world = await createWorld({ script });
    await using broker = brokerIn(world);
    const id = await broker.start("Work");
    await world.model.asked(1);
    expect((await broker("send", id, "--network", "More")).keys).toMatchObject({ delivered: "queued" });
    process.kill((await broker.state(id)).worker_pid ?? 0, "SIGKILL");
    expect((await broker("status", id)).keys).toMatchObject({ last_run_status: "interrupted", queue_held: "true" });
    const plain = await broker("resume", id, "--wait");
    expect(plain).toMatchObject({
      keys: { status: "attention_required", resume_with: `codex_broker resume ${id} --network` },
    });
    expect(world.model.requests).toHaveLength(1);
    const again = await broker("resume", id, "--network", "--wait");
    expect(again).toMatchObject({ code: 0, keys: { status: "waiting_input", pending_count: "0" } });
    expect(world.model.requests).toHaveLength(2);
    // What it was given holds for it alone.
    const next = await broker("send", id, "And more", "--wait");
    expect(next.stderr).toBe("");
    expect(next.keys["status"]).toBe("waiting_input");
  });

  test("a follow-up works in the folder that was recorded, or says that it is another one by now", async () => {
    await using world = await createWorld({ script: () => say("Done.") });
    await using broker = brokerIn(world);
    const first = await ask(world, ["Work"]);
    const id = await broker.start("--wait", "--linger", "0", "Work");
    await untilGone(world);
    const asked = world.model.requests.length;
    await rename(world.workspace, `${world.workspace}-moved`);
    await symlink(world.home, world.workspace);
    const follow = await ask(world, [...sessionFlags(first), "Go on"], { cwd: world.home });
    expect(follow).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("another folder by now") });
    expect((await broker.with({ cwd: world.home }, "send", id, "Go on", "--wait")).keys).toMatchObject({
      last_run_status: "error",
    });
    expect(world.model.requests).toHaveLength(asked);
    const looking = await ask(world, [...sessionFlags(first), "-w", world.home, "--read-only", "Look"], {
      cwd: world.home,
    });
    expect(looking.code).toBe(0);
    await rm(world.workspace);
    await rename(`${world.workspace}-moved`, world.workspace);
  });
});

test("a session's folder that others can write is not trusted, by the quick ways neither", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--wait", "--linger", "0", "Work");
  await untilGone(world);
  for (const name of ["", "queue"]) {
    const folder = join(world.state, "sessions", id, name);
    await chmod(folder, 0o777);
    for (const words of [
      ["status", id],
      ["send", id, "Go on"],
      ["send", id, "Go on", "--wait"],
      ["resume", id],
      ["stop", id],
    ])
      expect(await broker(...words)).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining("cannot be trusted"),
      });
    await chmod(folder, 0o700);
  }
  expect((await broker("send", id, "Go on", "--wait")).code).toBe(0);
});
