import { join } from "node:path";
import { findCodex } from "../../../src/codex/find-codex.ts";
import { codexBin } from "../../support/codex.ts";
import { say } from "../../support/model/replies.ts";
import { inWorld } from "../nothing-left.ts";
import { measureOwn } from "../own-processor-time.ts";
import { contestants } from "../programs.ts";
import type { Curve, Point } from "./curve.ts";

const REPEATING = join(import.meta.dirname, "..", "programs", "repeating-codex.mjs");

const KINDS = {
  events: "item/agentMessage/delta",
  items: "item/completed",
} as const;

/** A turn of far more events or items than any real one; the processor time is our own process's alone. */
export async function floods(rounds: number, signal: AbortSignal): Promise<readonly Curve[]> {
  return inWorld({ signal, script: () => say("Done.") }, async (world) => {
    const { ask } = await contestants(world);
    const { program } = await findCodex({ command: codexBin(), path: "", home: "", ownPackage: "" });
    const curves: Curve[] = [];
    for (const [of, method] of Object.entries(KINDS)) {
      const points: Point[] = [];
      for (const size of [1_000, 10_000, 100_000]) {
        const task = ask("--read-only", "Do it.");
        const flood = {
          ASK_CODEX_COMMAND: REPEATING,
          BENCH_CODEX: program,
          BENCH_METHOD: method,
          BENCH_TIMES: String(size),
        };
        const measured = [];
        for (let round = 0; round < rounds; round++)
          measured.push(await measureOwn({ ...task, env: { ...task.env, ...flood } }, world.home, signal));
        points.push({ size, ms: measured.map(({ ms }) => ms), cpuMs: measured.map(({ ownMs }) => ownMs) });
      }
      curves.push({ of: `${of} in a turn`, what: "our own process", points });
    }
    return curves;
  });
}
