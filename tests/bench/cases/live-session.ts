import { existsSync } from "node:fs";
import { brokerIn } from "../../support/broker.ts";
import { run, say } from "../../support/model/replies.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";
import { untilSo } from "../until-so.ts";

/** What a session costs beside a process for every task, and how fast it answers. */
export const liveSession: Benchmark = {
  name: "live-session",
  title: "A live session (the model answers at once)",
  run: ({ runs, signal }) =>
    inWorld(
      { signal, script: (request) => (asksToSleep(request.body.input) ? run("sleep 60") : say("Done.")) },
      async (world) => {
        await using broker = brokerIn(world);
        const { bare, node, broker: program } = await contestants(world);
        const once = (what: Program) => async () => (await measureExit(0, what, signal)).ms;
        const id = await broker.start("Begin.", "--wait");
        const readOnly = await broker.start("Begin.", "--read-only", "--wait");
        const samples = await contest(
          {
            bare: once(bare("workspace-write", "Do it.")),
            node: once(node("-e", "0")),
            followUp: once(program("send", id, "Go on.", "--wait")),
            readOnly: once(program("send", readOnly, "Go on.", "--wait")),
            status: once(program("status", id)),
            start: () => toReturn(world, program("start", "--read-only", "Do it."), signal),
            interrupt: () => toStopped(world, id, signal),
          },
          runs,
        );
        return [
          figure("codex exec --json, as npm installs it", "ms", samples.bare),
          figure("send --wait to the answer, with git evidence", "ms", samples.followUp),
          figure("send --wait to the answer, read-only", "ms", samples.readOnly),
          figure("start, until it returns", "ms", samples.start),
          figure("status", "ms", samples.status),
          figure("send --interrupt while a command runs, until the command is gone", "ms", samples.interrupt),
          ratio("send --wait with git evidence : codex exec", samples.followUp, samples.bare, 0.4),
          ratio("send --wait read-only : codex exec", samples.readOnly, samples.bare, 0.3),
          ratio("status : node -e 0", samples.status, samples.node, 1.45),
        ];
      },
    ),
};

function asksToSleep(input: readonly { readonly role?: string; readonly type: string }[]): boolean {
  const last = input.at(-1);
  return last?.type === "message" && JSON.stringify(last).includes("SLEEP");
}

/** The session that it starts is brought to its end before the next one counts. */
async function toReturn(world: World, start: Program, signal: AbortSignal): Promise<number> {
  const { ms, stdout } = await measureExit(0, start, signal);
  const { broker } = await contestants(world);
  await measureExit(0, broker("stop", /broker_id=(\S+)/.exec(stdout)?.[1] ?? ""), signal);
  return ms;
}

async function toStopped(world: World, id: string, signal: AbortSignal): Promise<number> {
  const { broker } = await contestants(world);
  await measureExit(0, broker("send", id, "SLEEP"), signal);
  let sleeping: number | undefined;
  const isThere = async () => {
    sleeping = (await world.processes()).find(({ command }) => command.startsWith("sleep 60"))?.pid;
    return sleeping !== undefined;
  };
  await untilSo(isThere, { what: "the command of the turn runs", signal });
  const startedAt = performance.now();
  await measureExit(0, broker("send", id, "--interrupt", "Go on."), signal);
  await untilSo(() => !existsSync(`/proc/${sleeping}`), { what: "the command of the turn is gone", signal });
  const ms = performance.now() - startedAt;
  await measureExit(0, broker("wait", id), signal);
  return ms;
}
