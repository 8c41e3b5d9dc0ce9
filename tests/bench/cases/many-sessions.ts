import { readFile } from "node:fs/promises";
import { brokerIn } from "../../support/broker.ts";
import { say, silence } from "../../support/model/replies.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure } from "../rows.ts";
import { untilSo } from "../until-so.ts";

const SESSIONS = 10;

/** What sessions take of the machine: idle ones whose time is over, and ten at work. */
export const manySessions: Benchmark = {
  name: "many-sessions",
  title: `Memory (resident, workers and Codex together) of sessions: after their time, and ${SESSIONS} at work`,
  async run({ signal }) {
    const idle = await inWorld({ signal, script: () => say("Done.") }, async (world) => {
      const { broker } = await contestants(world);
      await measureExit(0, broker("start", "--linger", "0", "Do it.", "--wait"), signal);
      await untilSo(async () => (await world.processes()).length === 0, {
        what: "the session's worker leaves",
        signal,
      });
      return (await world.processes()).length;
    });
    const busy = await inWorld({ signal, script: () => silence() }, async (world) => {
      await using broker = brokerIn(world);
      await Promise.all(Array.from({ length: SESSIONS }, () => broker.start("--read-only", "Do it.")));
      await world.model.asked(SESSIONS);
      return residentOf(world);
    });
    return [
      figure("processes of an idle session after its linger time", "x", [idle], 0),
      figure(`workers of ${SESSIONS} active sessions`, "MB", [busy.workers]),
      figure(`Codex of ${SESSIONS} active sessions`, "MB", [busy.codex]),
    ];
  },
};

/** Shared pages are counted once for every process that has them: the sum is an upper limit. */
async function residentOf(world: World): Promise<{ readonly workers: number; readonly codex: number }> {
  const sizes = await Promise.all(
    (await world.processes()).map(async ({ pid, command }) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return { worker: command.includes("__worker"), mb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 };
    }),
  );
  const sum = (worker: boolean) =>
    sizes.filter((size) => size.worker === worker).reduce((total, { mb }) => total + mb, 0);
  return { workers: sum(true), codex: sum(false) };
}
