import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { PROGRAM } from "../../support/programs.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const TASKS = 6;
const AT_ONCE = 3;
// As long as a short turn of a real model takes.
const TURN_S = 6;
const MOST_ROUNDS = 3;

/** A plan of tasks against the same turns by bare Codex, as many at once; and our own memory with ten at once. */
export const batch: Benchmark = {
  name: "batch",
  title: `a batch of ${TASKS} tasks of ${TURN_S} s, ${AT_ONCE} at once`,
  run: ({ runs, signal }) =>
    inWorld({ script }, async (world) => {
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
      return [
        figure(`${TASKS} codex exec --json, ${AT_ONCE} at once`, "ms", samples.bare),
        figure("ask_codex batch, worktrees and merging included", "ms", samples.batch),
        ratio("ask_codex batch : codex exec", samples.batch, samples.bare, 1.1),
      ];
    }),
};

/** Each task writes a file, and takes its time. */
function script({ body }: ModelRequest) {
  return body.input.at(-1)?.type === "function_call_output"
    ? say("Done.")
    : run(`sleep ${TURN_S}; date +%N > file-$$.txt`);
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
