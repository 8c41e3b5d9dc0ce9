import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { fail, run, say, silence } from "../../support/model/replies.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";

/** These wait for their clocks, so they wait together. */
describe.concurrent("a turn that takes too long", () => {
  test("is granted one grace window of the total limit, then ended, and what it wrote is in the report", async () => {
    const endless = say("word ".repeat(200), { chunks: 200, pauseMs: 50 });
    await using world = await createWorld({ git: false, script: [endless] });
    const asked = await ask(world, ["--timeout", "2", "count"]);
    expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", error_kind: "total_timeout" } });
    expect(timeoutLines(asked.stderr)).toEqual([
      expect.stringMatching(
        /^\[TIMEOUT\] First wall timeout reached after \ds — granting one automatic grace window\.$/,
      ),
      expect.stringMatching(/^\[TIMEOUT\] .* — terminating\.$/),
    ]);
    expect(headings(asked.report)).toEqual(expect.arrayContaining(["## Codex Timeout", PARTIAL]));
    expect(asked.report).toContain("- Timeout window: 2s");
    expect(asked.report).toMatch(/^- First timeout event: wall \(\ds\)$/m);
    expect(asked.report).toContain("**Exit code: 2** (second timeout after automatic grace window)");
    expect(asked.report?.split(PARTIAL)[1]).toContain("word word");
    expect(await world.processes()).toEqual([]);
  });

  test("is idle when nothing comes, and the session goes on afterwards", async () => {
    await using world = await createWorld({ git: false, script: [silence(), say("Here I am.")] });
    const asked = await ask(world, ["--idle-timeout", "1", "hello"]);
    expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", error_kind: "idle_timeout" } });
    expect(timeoutLines(asked.stderr)).toEqual([
      expect.stringMatching(
        /^\[TIMEOUT\] First idle timeout reached after \ds — granting one automatic grace window\.$/,
      ),
      expect.stringMatching(/^\[TIMEOUT\] .* — terminating\.$/),
    ]);
    expect(asked.report).toContain("- Idle timeout: 1s");
    expect(asked.report).toMatch(/^- First timeout event: idle \(\ds\)$/m);
    const { session_id = "" } = asked.keys;
    const next = await ask(world, ["--session", session_id, "hello?"]);
    expect(next).toMatchObject({ code: 0, keys: { session_id, status: "completed" } });
  });

  test("is not idle while words trickle in", async () => {
    await using world = await createWorld({
      git: false,
      script: [say("word ".repeat(15), { chunks: 15, pauseMs: 300 })],
    });
    const asked = await ask(world, ["--idle-timeout", "2", "count"]);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
  });

  inMatrix(() => {
    test("is not idle while its command prints", async () => {
      const script = [run("for i in $(seq 15); do sleep 0.3; echo $i; done"), say("Counted.")];
      await using world = await createWorld({ git: false, script });
      expect(await ask(world, ["--idle-timeout", "2", "count"])).toMatchObject({
        code: 0,
        keys: { status: "completed" },
      });
    });
  });

  // Codex waits as long as the provider asks for, and says "Reconnecting..." each time.
  inMatrix(() => {
    test("is idle although Codex says again and again that it reconnects", async () => {
      const again = fail("rate_limit_exceeded", "Rate limit reached for gpt-5.2-codex. Please try again in 0.3s.");
      await using world = await createWorld({ git: false, retries: "default", script: () => again });
      const retries = ["--config", "model_providers.scripted.stream_max_retries=100"];
      const asked = await ask(world, ["--idle-timeout", "3", ...retries, "hello"]);
      expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", error_kind: "idle_timeout" } });
      expect(asked.stderr.match(/Reconnecting\.\.\./g)?.length).toBeGreaterThan(1);
    });

    test("is ended by the second event of either kind: idle first, then the total", async () => {
      const words = say("word ".repeat(100), { chunks: 100, pauseMs: 200 });
      await using world = await createWorld({ git: false, script: [run("sleep 3.3"), words] });
      const asked = await ask(world, ["--idle-timeout", "3", "--timeout", "6", "count"]);
      expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", error_kind: "total_timeout" } });
      expect(timeoutLines(asked.stderr)).toHaveLength(2);
      expect(asked.report).toMatch(/^- First timeout event: idle \(\ds\)$/m);
      expect(asked.report?.split(PARTIAL)[1]).toContain("word word");
    });

    test("has no limit where that is 0", async () => {
      await using world = await createWorld({ git: false, script: [run("sleep 1.2"), say("Slept.")] });
      const asked = await ask(world, ["--timeout", "0", "--idle-timeout", "0", "sleep"]);
      expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
      expect(timeoutLines(asked.stderr)).toEqual([]);
    });
  });
});

const onLinux = process.platform === "linux";

describe.runIf(onLinux)("when a turn is ended for its time,", { concurrent: true }, () => {
  const command = { name: "its command", command: "sleep 600.11", flags: [] };
  const background = {
    name: "what its command put into the background",
    command: "sleep 600.12 & sleep 600.13",
    flags: [],
  };
  const left = {
    name: "what left the session of its command, where no sandbox held it",
    command: "(setsid -f sleep 600.14); sleep 600.15",
    flags: ["--sandbox", "danger-full-access"],
  };
  withCases({ change: [command], matrix: [background, left] }, (cases) => {
    test.for(cases)("$name is gone, and named in the report", async ({ command, flags }) => {
      await using world = await createWorld({ script: [run(`echo kept > kept.txt; ${command}`), say("Go on.")] });
      await using asking = startAsk(world, ["--timeout", "2", ...flags, "sleep"]);
      for (const [sleep] of command.matchAll(/sleep [\d.]+/g)) await untilRunning(world, sleep);
      const asked = await asking.done;
      expect(await world.processes()).toEqual([]);
      expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", changes: "listed", files_changed: "1" } });
      expect(asked.report).toContain("Still running when it ended: ");
      const { session_id = "" } = asked.keys;
      const next = await ask(world, ["--session", session_id, "go on"]);
      expect(next).toMatchObject({ code: 0, keys: { session_id, status: "completed" } });
    });
  });
});

const PARTIAL = "### Partial output (before timeout)";

function timeoutLines(stderr: string): readonly string[] {
  return stderr.split("\n").filter((line) => line.startsWith("[TIMEOUT]"));
}

function headings(report: string | null): readonly string[] {
  return (report ?? "").split("\n").filter((line) => /^#+ /.test(line));
}
