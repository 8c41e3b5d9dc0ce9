import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { codexBin } from "../../support/codex.ts";
import { run, say, together } from "../../support/model/replies.ts";
import { ROOT } from "../../support/paths.ts";
import { inMatrix, withCodex } from "../../support/suite.ts";
import { until, untilRunning } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";

const words = say("I have begun.");

describe.runIf(process.platform === "linux")("a crash in the middle of a turn", () => {
  withCodex("rest", (version) => {
    test.for([
      { signal: "SIGKILL", kind: "codex_killed" },
      { signal: "SIGTERM", kind: "protocol" },
    ] as const)("of Codex by $signal is $kind, and what there was is kept", async ({ signal, kind }) => {
      const script = [together(words, run("echo done > done.txt; sleep 600.71 & sleep 600.72")), say("Gone on.")];
      await using world = await createWorld({ version, script });
      await using asking = startAsk(world, ["begin"]);
      await untilRunning(world, "sleep 600.72");
      await asking.stderrLine("> echo done");
      process.kill((await untilRunning(world, /\bapp-server\b/)).pid, signal);
      const asked = await asking.done;
      expect(await world.processes()).toEqual([]);
      expect(asked).toMatchObject({ code: 1, keys: { status: "failed", error_kind: kind, files_changed: "1" } });
      expect(asked.report).toContain("I have begun.");
      expect(asked.report).toContain("sleep 600.72");
      const { session_id = "" } = asked.keys;
      const next = await ask(world, ["--session", session_id, "go on"]);
      expect(next).toMatchObject({ code: 0, keys: { session_id, status: "completed" } });
    });
  });

  test("of ask_codex while it verifies ends the verify command as well", async () => {
    await using world = await createWorld({ script: [say("Done.")] });
    await using asking = startAsk(world, ["--verify-cmd", "sleep 600.91 & sleep 600.92", "task"]);
    await untilRunning(world, "sleep 600.92");
    asking.child.kill("SIGKILL");
    await asking.done;
    await until(async () => (await world.processes()).length === 0 || undefined);
    const looked = await ask(world, ["report"]);
    expect(looked).toMatchObject({ code: 1, keys: { error_kind: "session_unknown" } });
    expect(looked.stderr).toMatch(/It has no report: it is at work, or was killed.* Its events: \S.*events\.jsonl/);
  });

  inMatrix(() => {
    test("of the connection alone is told as well, and does not wait for any limit", async () => {
      const slow = say("word ".repeat(50), { chunks: 50, pauseMs: 20 });
      await using world = await createWorld({ git: false, script: [slow, say("Gone on.")] });
      const env = {
        ASK_CODEX_COMMAND: join(ROOT, "tests", "e2e", "ask", "programs", "break-off"),
        REAL_CODEX: codexBin(),
      };
      const asked = await ask(world, ["count"], { env });
      expect(await world.processes()).toEqual([]);
      expect(asked).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "protocol" } });
      expect(asked.report).toContain("word");
      const { session_id = "" } = asked.keys;
      expect(await ask(world, ["--session", session_id, "go on"])).toMatchObject({ code: 0, keys: { session_id } });
    });
  });

  withCodex("rest", (version) => {
    test.for(["workspace-write", "danger-full-access"])(
      "of ask_codex leaves no process, and its session goes on (%s)",
      async (sandbox) => {
        const script = [run("echo done > done.txt; sleep 600.81 & sleep 600.82"), say("Gone on.")];
        await using world = await createWorld({ version, script });
        await using asking = startAsk(world, ["--sandbox", sandbox, "begin"]);
        await untilRunning(world, "sleep 600.82");
        const [{ session_id = "" } = {}] = JSON.parse((await ask(world, ["sessions", "--json"])).stdout);
        expect(await readdir(join(world.state, "live"))).toHaveLength(1);
        asking.child.kill("SIGKILL");
        expect(await asking.done).toMatchObject({ code: null, signal: "SIGKILL" });
        await until(async () => (await world.processes()).length === 0 || undefined);
        const next = await ask(world, ["--session", session_id, "go on"]);
        expect(next).toMatchObject({ code: 0, keys: { session_id, status: "completed", files_changed: "0" } });
        // The sandbox of the killed one has left empty folders to mount over.
        expect(await readdir(world.workspace)).toEqual([".git", "README.md", "done.txt"]);
        expect(await readdir(join(world.state, "live"))).toEqual([]);
        expect((await readdir(join(world.state, "threads"))).filter((name) => name.includes(".hold"))).toEqual([]);
      },
    );
  });
});
