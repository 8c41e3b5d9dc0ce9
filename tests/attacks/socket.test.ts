import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Broker, brokerIn } from "../support/broker.ts";
import { calls, escalate, say } from "../support/model/replies.ts";
import { ROOT } from "../support/paths.ts";
import { until } from "../support/until.ts";
import { createWorld } from "../support/world.ts";

const RING = join(ROOT, "tests", "attacks", "programs", "ring.cjs");

test("a sandboxed command with network does not approve, answer, stop or release anything: it can ring", async () => {
  const attack = `node '${RING}' "$HOME/../state/sessions" log`;
  const script = [
    calls({ name: "exec_command", args: { cmd: attack, yield_time_ms: 1_000 } }),
    escalate('touch "$HOME/outside"', "harmless"),
    say("Done."),
  ];
  await using world = await createWorld({ script });
  await using broker = brokerIn(world);
  const log = join(world.workspace, "log");
  const id = await broker.start("Work", "--approvals", "ask", "--network");
  expect(await broker("wait", id)).toMatchObject({ code: 4, keys: { status: "waiting_input" } });
  const rounds = async () => (await readFile(log, "utf8").catch(() => "")).split("round").length;
  const before = await rounds();
  await until(async () => ((await rounds()) > before + 4 ? true : undefined));
  expect(await readFile(log, "utf8")).toContain("does not understand the request");
  expect((await broker.state(id)).status).toBe("waiting_input");
  await expect(access(join(world.home, "outside"))).rejects.toThrow();
  await expectOpen(broker, id);
  // The user's own word counts, in the middle of it all.
  expect(await broker("deny", id, "--wait", "20")).toMatchObject({ keys: { delivered: "denied" } });
  await expect(access(join(world.home, "outside"))).rejects.toThrow();
});

async function expectOpen(broker: Broker, id: string): Promise<void> {
  const types = (await broker.events(id)).map(({ type }) => type);
  for (const never of ["request_closed", "question_answered", "stop_requested", "queue_released"])
    expect(types).not.toContain(never);
}
