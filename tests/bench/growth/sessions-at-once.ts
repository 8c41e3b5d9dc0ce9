import { say } from "../../support/model/replies.ts";
import { measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { untilSo } from "../until-so.ts";
import type { Curve, Point } from "./curve.ts";

/** Sessions that are begun at once, until the last of them has answered and its worker is gone. */
export async function sessionsAtOnce(signal: AbortSignal): Promise<readonly Curve[]> {
  const points: Point[] = [];
  for (const size of [1, 10, 40]) {
    await inWorld({ signal, script: () => say("Done.") }, async (world) => {
      const { broker } = await contestants(world);
      const begun = performance.now();
      const one = broker("start", "--read-only", "--linger", "0", "--wait", "Do it.");
      await Promise.all(Array.from({ length: size }, () => measureExit(0, one, signal)));
      points.push({ size, ms: [performance.now() - begun], cpuMs: [] });
      await untilSo(async () => (await world.processes()).length === 0, { what: "the last worker leaves", signal });
    });
  }
  return [{ of: "sessions at once", what: "to the last answer", points }];
}
