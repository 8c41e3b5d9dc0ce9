import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, sessionFlags } from "../support/ask.ts";
import { brokerIn } from "../support/broker.ts";
import { run, say, silence } from "../support/model/replies.ts";
import type { Script } from "../support/model/server.ts";
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
