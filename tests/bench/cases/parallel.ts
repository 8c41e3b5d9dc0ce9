import { say } from "../../support/model/replies.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const AT_ONCE = 20;
// Each round is forty programs.
const MOST_ROUNDS = 5;

/** Twenty of them in one workspace, from the first start to the last exit. */
export const parallel: Benchmark = {
  name: "parallel",
  title: `${AT_ONCE} at once in one workspace`,
  run: ({ runs, signal }) =>
    inWorld({ signal, script: () => say("Done.") }, async (world) => {
      const { bare, ask } = await contestants(world);
      const all = (program: Program) => async () => {
        const startedAt = performance.now();
        await Promise.all(Array.from({ length: AT_ONCE }, () => measureExit(0, program, signal)));
        return performance.now() - startedAt;
      };
      const samples = await contest(
        { bare: all(bare("workspace-write", "Do it.")), ask: all(ask("Do it.")) },
        Math.min(runs, MOST_ROUNDS),
      );
      return [
        figure(`${AT_ONCE} codex exec --json`, "ms", samples.bare),
        figure(`${AT_ONCE} ask_codex, with git evidence`, "ms", samples.ask),
        ratio("ask_codex : codex exec", samples.ask, samples.bare),
      ];
    }),
};
