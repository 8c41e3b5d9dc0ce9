import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { OurProcess } from "../../src/process/our-processes.ts";
import { checkProcesses, leftOver } from "../../src/setup/check-processes.ts";
import { TEST_RUN_MARKER, testRun } from "../support/setup/test-run.ts";
import { tempFolder } from "../support/temp-folder.ts";

const STATE = "/state";
const RUN = "20260101-000000-000-00";

describe("of the processes that carry a run's mark", () => {
  test.for([
    { name: "the Codex of a command that runs is not left over", all: [command(10, 2), marked(11, 10)], left: [] },
    { name: "neither is what it has sent away", all: [command(10, 2), marked(11, 10), marked(12, 1)], left: [] },
    { name: "what a run that is over has left is", all: [marked(11, 1), marked(12, 11)], left: [11, 12] },
    {
      name: "another run that goes on does not hide it",
      all: [command(10, 2), marked(11, 10, "other"), marked(12, 1)],
      left: [12],
    },
    { name: "what belongs to another state folder is not ours", all: [marked(11, 1, RUN, "/elsewhere")], left: [] },
    { name: "what may belong to any is not either", all: [marked(11, 1, RUN, null)], left: [] },
    { name: "what this very run has is not", all: [marked(process.pid, 1), marked(12, 1)], left: [] },
  ])("$name", ({ all, left }) => {
    expect(leftOver(all, STATE, "/state/sessions").map(({ entry }) => entry.pid)).toEqual(left);
  });
});

test.runIf(process.platform === "linux")("a left-over process is named, and ended with fix", async () => {
  await using folder = await tempFolder();
  await using orphan = await startAway("sleep", ["600.73"], { ASK_CODEX_RUN: RUN, ASK_CODEX_HOME: folder.path });
  const look = (fix: boolean) => checkProcesses(folder.path, join(folder.path, "sessions"), fix);
  expect(await look(false)).toMatchObject({ level: "warn", detail: expect.stringContaining(String(orphan.child.pid)) });
  expect(await look(true)).toMatchObject({ level: "ok", fixed: expect.stringContaining("sleep 600.73") });
  await orphan.ended;
  expect(await look(false)).toMatchObject({ level: "ok" });
});

test("a worker whose session is gone is left over, one that has its session is not", async () => {
  await using folder = await tempFolder();
  const sessions = join(folder.path, "sessions");
  await mkdir(join(sessions, "there"), { recursive: true });
  const granted = ["m1"];
  const cases = [["there"], ["gone"], ["there", ...granted], ["gone", ...granted]];
  const workers = cases.map(([id = "", ...more], index) => {
    const words = ["/usr/bin/node", "/skills/ask-codex/scripts/codex_broker", "__worker", join(sessions, id), ...more];
    return { ...command(20 + index, 1), words };
  });
  expect(leftOver(workers, STATE, sessions).map(({ entry }) => entry.pid)).toEqual([21, 23]);
});

function marked(pid: number, parent: number, run = RUN, state: string | null = STATE): OurProcess {
  const words = ["codex", "app-server"];
  return { entry: entryOf(pid, parent), command: words.join(" "), words, run, state };
}

function command(pid: number, parent: number): OurProcess {
  const words = ["/usr/bin/node", "/skills/ask-codex/scripts/ask_codex", "--json"];
  return { entry: entryOf(pid, parent), command: words.join(" "), words, run: null, state: STATE };
}

function entryOf(pid: number, parent: number) {
  return { pid, parent, group: pid, startedAt: "1", zombie: false };
}

/** A process in a group of its own, which the end of the scope ends. */
async function startAway(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(program, [...args], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", [TEST_RUN_MARKER]: testRun(), ...env },
    stdio: "ignore",
    detached: true,
  });
  const ended = once(child, "exit");
  await once(child, "spawn");
  return {
    child,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
