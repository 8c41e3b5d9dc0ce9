import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Asked, type Asking, ask, startAsk } from "../../support/ask.ts";
import { run, say, silence } from "../../support/model/replies.ts";
import { ROOT } from "../../support/paths.ts";
import { inMatrix, withCases, withCodex } from "../../support/suite.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";

const onLinux = process.platform === "linux";

const TITLE = "$signal ends a run, its command and all, and its session goes on";

withCodex("rest", (version) => {
  test.runIf(onLinux).for([{ signal: "SIGTERM", code: 143 }] as const)(TITLE, (sent) => endedBy(version, sent));
});

withCodex("further", (version) => {
  test.runIf(onLinux).for([
    { signal: "SIGINT", code: 130 },
    { signal: "SIGHUP", code: 129 },
  ] as const)(TITLE, (sent) => endedBy(version, sent));
});

async function endedBy(
  version: string,
  { signal, code }: { readonly signal: NodeJS.Signals; readonly code: number },
): Promise<void> {
  const script = [run("echo done > done.txt; sleep 600.31 & sleep 600.32"), say("Gone on.")];
  await using world = await createWorld({ version, script });
  await using asking = startAsk(world, ["take your time"]);
  await untilRunning(world, "sleep 600.31");
  await untilRunning(world, "sleep 600.32");
  await asking.stderrLine("> echo done");
  const asked = await cancel(asking, signal);
  expect(await world.processes()).toEqual([]);
  expect(asked).toMatchObject({ code, keys: { status: "cancelled", signal } });
  expect(asked.report).toContain("## Cancelled");
  expect(asked.report).toContain(`**Exit code: ${code}**`);
  expect(asked.report).toContain("sleep 600.32");
  expect(evidence(asked)).toBe(true);
  const { session_id = "" } = asked.keys;
  const next = await ask(world, ["--session", session_id, "go on"]);
  expect(next).toMatchObject({ code: 0, keys: { session_id, status: "completed" } });
}

inMatrix(() => {
  test("what had been written by then is in the report", async () => {
    const [words, command] = [say("So far, so good."), run("sleep 600.33")];
    const script = [{ ...command, items: [...words.items, ...command.items] }];
    await using world = await createWorld({ git: false, script });
    await using asking = startAsk(world, ["count"]);
    await asking.stderrLine("> sleep");
    const asked = await cancel(asking, "SIGTERM");
    expect(asked).toMatchObject({ code: 143, keys: { status: "cancelled" } });
    expect(asked.report).toContain("So far, so good.");
  });

  test.runIf(onLinux).for([
    {
      name: "a program that says nothing",
      command: join(ROOT, "tests", "e2e", "ask", "programs", "mute"),
      line: "sleep 600.21",
    },
    { name: "Codex", command: undefined, line: /\bapp-server\b/ },
  ])("a run is cancelled while $name starts", async ({ command, line }) => {
    await using world = await createWorld({ script: [silence()] });
    await using asking = startAsk(
      world,
      ["hello"],
      command === undefined ? {} : { env: { ASK_CODEX_COMMAND: command } },
    );
    await untilRunning(world, line);
    const asked = await cancel(asking, "SIGTERM");
    expect(await world.processes()).toEqual([]);
    expect(asked).toMatchObject({ code: 143, keys: { status: "cancelled" } });
    expect(asked.report).toContain("## Cancelled");
  });
});

describe.runIf(onLinux)("a run is cancelled while its verify command runs", () => {
  const alone = { name: "", command: "sleep 600.41", lines: ["sleep 600.41"] };
  const left = {
    name: "and what left it",
    command: "setsid -f sleep 600.44; sleep 600.45",
    lines: ["sleep 600.44", "sleep 600.45"],
  };
  const started = {
    name: "and what it started",
    command: "setsid sleep 600.42 & sleep 600.43",
    lines: ["sleep 600.42", "sleep 600.43"],
  };
  withCases({ change: [left], matrix: [alone, started] }, (cases) => {
    test.for(cases)("which is ended $name", async ({ command, lines }) => {
      await using world = await createWorld({ script: [run("echo done > done.txt"), say("Done.")] });
      await using asking = startAsk(world, ["--verify-cmd", command, "do it"]);
      for (const line of lines) await untilRunning(world, line);
      const asked = await cancel(asking, "SIGTERM");
      expect(await world.processes()).toEqual([]);
      expect(asked).toMatchObject({ code: 143, keys: { status: "cancelled", changes: "listed", files_changed: "1" } });
      expect(asked.report).toContain("Done.");
    });
  });
});

inMatrix(() => {
  test("an impatient second signal changes nothing", async () => {
    await using world = await createWorld({ script: [silence()] });
    await using asking = startAsk(world, ["hello"]);
    await world.model.asked(1);
    const cancelled = cancel(asking, "SIGINT");
    for (let more = 0; more < 3; more++) asking.child.kill("SIGINT");
    expect(await cancelled).toMatchObject({ code: 130, keys: { status: "cancelled", signal: "SIGINT" } });
    expect(await world.processes()).toEqual([]);
  });
});

test.runIf(onLinux)("a Codex that answers nothing any more cannot hold a cancelled run", async () => {
  await using world = await createWorld({ script: [run("sleep 600.51"), say("Gone on.")] });
  await using asking = startAsk(world, ["hello"]);
  await untilRunning(world, "sleep 600.51");
  process.kill((await untilRunning(world, /\bapp-server\b/)).pid, "SIGSTOP");
  const asked = await cancel(asking, "SIGTERM");
  expect(await world.processes()).toEqual([]);
  expect(asked).toMatchObject({ code: 143, keys: { status: "cancelled" } });
  const { session_id = "" } = asked.keys;
  expect(await ask(world, ["--session", session_id, "go on"])).toMatchObject({ code: 0, keys: { session_id } });
});

/** Sends the signal and waits for the end. How soon it comes is measured by the bench (`endings`). */
async function cancel({ child, done }: Asking, signal: NodeJS.Signals): Promise<Asked> {
  child.kill(signal);
  return done;
}

/** There was time to see what changed, or it is said that there was not. */
function evidence({ keys }: Asked): boolean {
  return keys["changes"] === "listed" ? keys["files_changed"] === "1" : keys["changes"] === "unknown";
}
