import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import { editingExecutor } from "../../support/claude/editing-executor.ts";
import { startMessagesApi } from "../../support/claude/messages-api.ts";
import { executorEnv } from "../../support/claude/scripted-executor.ts";
import { git } from "../../support/git/git.ts";
import { calls, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toldTo, toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { testAtRandom } from "../../support/trials.ts";
import { untilGone } from "../../support/until.ts";
import { CLAUDE_NEWEST } from "../../support/versions.ts";
import { createWorld, type World } from "../../support/world.ts";

const FILES = { "one.txt": "one\n", "two.txt": "two\n" };
const NEW: Readonly<Record<string, string>> = { one: "won\n", two: "too\n" };

const change = (task_id: string) => ({
  ...{ task_id, type: "implementation", scope: { files: [`${task_id}.txt`] }, requirements: ["Spell it otherwise"] },
  validation: [`grep -q ${NEW[task_id]?.trim()} ${task_id}.txt`],
});

/** It delegates what it is asked for first, and leaves it at that. */
function leader(request: ModelRequest) {
  const isFirst = toolOutputs(request).length === 0 && toldTo(request).at(-1) === "Spell";
  return isFirst
    ? calls({ name: "delegate_tasks", args: { tasks: ["one", "two"].map(change) } })
    : say("That is where it stands.");
}

const death = fc.record({
  victim: fc.constantFrom("command", "worker", "codex", "claude"),
  signal: fc.constantFrom("SIGKILL", "SIGINT"),
  parallel: fc.constantFrom("1", "2"),
  afterMs: fc.integer({ min: 0, max: 15_000 }),
});

// Whose process is whose can be told on Linux alone.
describe.runIf(process.platform === "linux")("an orchestration", () => {
  testAtRandom(
    "whichever of its four processes dies at any moment: nothing goes on, nothing is lost, and every delegation has one outcome",
    { change: 0, full: 40, timeout: 3_600_000, shrinks: false },
    death,
    async ({ victim, signal, parallel, afterMs }) => {
      await using world = await createWorld({ files: FILES, script: leader });
      const executor = editingExecutor({ one: ["one.txt", "one", "won"], two: ["two.txt", "two", "too"] });
      await using api = await startMessagesApi(Array.from({ length: 60 }, () => executor));
      const env = { ...(await executorEnv(world, api.url)), ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
      await using broker = brokerIn(world);
      const head = await git(world.workspace, "rev-parse", "HEAD");
      const begun = await broker.with({ env }, "orchestrate", "--parallel", parallel, "Spell");
      const id = begun.keys["broker_id"] ?? "";
      await using waiting = broker.begin("wait", id);
      await sleep(afterMs);
      const pid = await pidOf(victim, world, broker, id, waiting.child.pid);
      if (pid !== null) kill(pid, signal);
      if (victim === "command") await waiting.done;
      await broker.with({ env }, "resume", id);
      await broker("wait", id);
      await broker("stop", id);
      await untilGone(world);
      const started = (await payloadsOf(broker, id, "delegation_started")).map((one) => one["delegation_id"]);
      const finished = await payloadsOf(broker, id, "delegation_finished");
      expect(finished.map((one) => one["delegation_id"]).toSorted()).toEqual(started.toSorted());
      for (const one of finished) await expectKept(world, broker, id, one);
      expect(await git(world.workspace, "rev-parse", "HEAD")).toBe(head);
      expect((await git(world.workspace, "worktree", "list")).trim().split("\n")).toHaveLength(1);
      expect(await readdir(join(world.state, "worktrees")).catch(() => [])).toEqual([]);
    },
  );
});

/** What is completed is in the tree; what an unfinished delegation names is there, or kept as a patch. */
async function expectKept(
  world: World,
  broker: Broker,
  id: string,
  { task_id, delegation_id, verdict, files }: Readonly<Record<string, unknown>>,
): Promise<void> {
  const text = await readFile(join(world.workspace, `${task_id}.txt`), "utf8");
  if (verdict === "completed") expect(text).toBe(NEW[String(task_id)]);
  if (!Array.isArray(files) || files.length === 0) return;
  const patch = join(broker.folder(id), "delegations", String(delegation_id), "work.patch");
  expect(text === NEW[String(task_id)] || existsSync(patch)).toBe(true);
}

async function pidOf(victim: string, world: World, broker: Broker, id: string, command: number | undefined) {
  if (victim === "command") return command ?? null;
  if (victim === "worker") return (await broker.state(id)).worker_pid;
  const line = victim === "codex" ? /\bapp-server\b/ : /\/claude\b.* -p /;
  return (await world.processes()).find((one) => line.test(one.command))?.pid ?? null;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
