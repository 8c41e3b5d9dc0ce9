import { say } from "../../support/model/replies.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { measureOwn } from "../own-processor-time.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

/** What our own process takes of the machine beside what it starts: neither Codex nor git is counted. */
export const ownTime: Benchmark = {
  name: "own-time",
  title: "Processor time of our own process in a task, without Codex and git",
  run: ({ runs, signal }) =>
    inWorld({ signal, script: () => say("Done.") }, async (world) => {
      const { ask, minimal, node } = await contestants(world);
      const own = (program: Program) => async () => (await measureOwn(program, world.home, signal)).ownMs;
      const samples = await contest(
        {
          node: own(node("-e", "0")),
          minimal: own(minimal("workspace-write", "Do it.")),
          recorded: own(ask("Do it.")),
          readOnly: own(ask("--read-only", "Do it.")),
        },
        runs,
      );
      return [
        figure("node -e 0", "ms", samples.node),
        figure("a minimal app-server client", "ms", samples.minimal),
        figure("ask_codex, with git evidence", "ms", samples.recorded),
        figure("ask_codex --read-only", "ms", samples.readOnly),
        ratio("minimal client : node -e 0", samples.minimal, samples.node),
        ratio("ask_codex with git evidence : node -e 0", samples.recorded, samples.node, 2),
      ];
    }),
};
