import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { cut, http, run, say } from "../../support/model/replies.ts";
import { type Script, startModel } from "../../support/model/server.ts";
import { inMatrix, withCodex } from "../../support/suite.ts";
import { until } from "../../support/until.ts";
import { createWorld, type World, type WorldOptions } from "../../support/world.ts";

const BUSY = { name: "two 503s", script: [http(503), http(503), say("There.")] };
const CUT = { name: "two cut streams", script: [cut(say("half")), cut(), say("There.")] };

/** Most of these wait, for a retry or for the end of a window; so they wait together. */
describe.concurrent("a model that does not answer", () => {
  // First of all, as it takes longest.
  inMatrix(() => {
    test("unreachable, it ends the run by itself, without any flag", async () => {
      await using world = await unreachable({ script: [] });
      const asked = await ask(world, ["hello"]);
      expect(asked).toMatchObject({ code: 3, keys: { error_kind: "network" } });
    });
  });

  withCodex("rest", (version) => retried(version, { status: 401, before: CUT, retries: "default" }));
  withCodex("further", (version) => retried(version, { status: 403, before: BUSY, retries: "off" }));

  inMatrix(() => {
    test("unreachable, and with the window switched off, it is left to the clocks", async () => {
      await using world = await unreachable({ script: [] });
      const asked = await ask(world, ["--retry-window", "0", "--idle-timeout", "1", "hello"]);
      expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", error_kind: "idle_timeout" } });
    });
  });

  test("one that comes back within the window answers", async () => {
    await using world = await unreachable({ script: [] });
    await using asking = startAsk(world, ["--retry-window", "30", "hello"]);
    await asking.stderrLine("waiting for network");
    await using back = await startModel([say("There again.")], { port: world.model.port });
    const asked = await asking.done;
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(asked.report).toContain("There again.");
    expect(back.requests).toHaveLength(1);
  });

  // Codex tries again 5 s after the first failure. Two outages of that length fit into no single window of 8 s.
  inMatrix(() => {
    test("the window begins anew after progress", async () => {
      await using world = await unreachable({ script: [] });
      const journal = join(world.temp, "events.jsonl");
      await using asking = startAsk(world, ["--retry-window", "8", "--events", journal, "hello"]);
      await asking.stderrLine("waiting for network");
      await using first = await startModel([run("true")], { port: world.model.port });
      await first.asked(1);
      await first.close();
      await until(async () => /"command_finished".*"problem"/s.test(await readFile(journal, "utf8")) || undefined);
      await using second = await startModel([say("There again.")], { port: world.model.port });
      const asked = await asking.done;
      expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
      expect(second.requests).toHaveLength(1);
    });
  });
});

interface Retried {
  readonly status: number;
  readonly before: { readonly name: string; readonly script: Script };
  readonly retries: "off" | "default";
}

/** What Codex tries again, and what it does not. */
function retried(version: string, { status, before, retries }: Retried): void {
  test(`with Codex's own retries, a ${status} ends the run at the first of them`, async () => {
    await using world = await createWorld({ version, git: false, retries: "default", script: () => http(status) });
    expect(await ask(world, ["hello"])).toMatchObject({ code: 3, keys: { status: "fatal", error_kind: "auth" } });
    expect(world.model.requests.length).toBeLessThan(3);
  });

  test(`${before.name} before the answer are not a failure`, async () => {
    await using world = await createWorld({ version, git: false, retries: "default", script: before.script });
    const asked = await ask(world, ["hello"]);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(asked.keys.error_kind).toBeUndefined();
    expect(asked.report).toContain("There.");
  });

  test(`unreachable, it ends the run once the retry window is over (retries: ${retries})`, async () => {
    await using world = await unreachable({ version, retries, script: [] });
    const asked = await ask(world, ["--retry-window", "1", "hello"]);
    expect(asked).toMatchObject({ code: 3, keys: { status: "fatal", error_kind: "network" } });
    expect(asked.keys.session_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked.report).toContain("network: ");
  });
}

/** A world whose model has closed its port; it can be opened again. */
async function unreachable(options: WorldOptions): Promise<World> {
  const world = await createWorld({ git: false, ...options });
  await world.model.close();
  return world;
}
