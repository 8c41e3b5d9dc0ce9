import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readPlainOr } from "../../../src/files/read-plain.ts";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { PROGRAM } from "../../support/programs.ts";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const TASKS = 6;
const AT_ONCE = 3;
// As long as a short turn of a real model takes.
const TURN_S = 6;
const MANY = 10;
const MOST_ROUNDS = 3;

/** A plan of tasks against the same turns by bare Codex, as many at once; and our own memory with ten at once. */
export const batch: Benchmark = {
  name: "batch",
  title: `a batch of ${TASKS} tasks of ${TURN_S} s, ${AT_ONCE} at once`,
  run: ({ runs, signal }) =>
    inWorld({ signal, script }, async (world) => {
      const { bare } = await contestants(world);
      const plan = await planOf(world.home, TASKS);
      const whole = (path: string, parallel: number) => ({
        ...{ command: PROGRAM, cwd: world.workspace, env: world.env },
        args: ["batch", path, "--parallel", String(parallel), "--merge", "branch", "--quiet"],
      });
      const samples = await contest(
        {
          bare: async () => {
            const startedAt = performance.now();
            const waiting = Array.from({ length: TASKS }, (_, at) => at);
            const work = async () => {
              while (waiting.pop() !== undefined) await measureExit(0, bare("workspace-write", "Do it."), signal);
            };
            await Promise.all(Array.from({ length: AT_ONCE }, work));
            return performance.now() - startedAt;
          },
          batch: async () => (await measureExit(0, whole(plan, AT_ONCE), signal)).ms,
        },
        Math.min(runs, MOST_ROUNDS),
      );
      const many = whole(await planOf(world.home, MANY), MANY);
      const memory = [await peakMemory(many)];
      // The first of each size is compiled while it runs.
      const scheduling = Array.from({ length: 6 }, () => ({ few: scheduled(1_000), many: scheduled(4_000) })).slice(1);
      const few = scheduling.map((round) => round.few);
      return [
        figure(`${TASKS} codex exec --json, ${AT_ONCE} at once`, "ms", samples.bare),
        figure("ask_codex batch, worktrees and merging included", "ms", samples.batch),
        ratio("ask_codex batch : codex exec", samples.batch, samples.bare, 1.1),
        figure(`memory of our own process, ${MANY} at once`, "MB", memory),
        figure("scheduling 1,000 tasks, processor time", "ms", few, 50),
        // Four times as many; what grows with their square would take sixteen times as long.
        ratio(
          "scheduling 4,000 tasks : 1,000 tasks",
          scheduling.map((round) => round.many),
          few,
          5,
        ),
      ];
    }),
};

/** The peak of our own process's proportional share, without Codex (Linux only). */
async function peakMemory({ command, args, cwd, env }: Program): Promise<number> {
  const child = spawn(command, [...args], { cwd, env, stdio: "ignore" });
  const ended = once(child, "exit");
  let peak = 0;
  const timer = setInterval(() => {
    const text = readPlainOr(`/proc/${child.pid}/smaps_rollup`, "");
    peak = Math.max(peak, Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024);
  }, 200);
  await ended;
  clearInterval(timer);
  return peak;
}

/** From a journal's events to what may start, until nothing may. */
function scheduled(size: number): number {
  const before = process.cpuUsage();
  const tasks = Array.from({ length: size }, (_, at) =>
    batchTask(`t${at}`, { after: at < 3 ? [] : [`t${at - 1 - (at % 3)}`] }),
  );
  const { schedule, start, finish } = scheduleOf(tasks);
  const running: string[] = [];
  do {
    for (const id of schedule.next()) running.push(id) && start(id);
    finish(running.shift() ?? "");
  } while (running.length > 0 || schedule.next().length > 0);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Each task writes a file, and takes its time. */
function script({ body }: ModelRequest) {
  return body.input.at(-1)?.type === "function_call_output"
    ? say("Done.")
    : run(`sleep ${TURN_S}; touch file-$(date +%N).txt`);
}

async function planOf(folder: string, size: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `plan-${size}.json`);
  await writeFile(
    path,
    JSON.stringify({ tasks: Array.from({ length: size }, (_, at) => ({ id: `t${at}`, prompt: "Do it." })) }),
  );
  return path;
}
