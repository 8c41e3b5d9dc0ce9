import { say } from "../../support/model/replies.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

// Some tens of milliseconds each: a few rounds more cost nothing and say more.
const ROUNDS_PER_RUN = 3;

const SESSIONS = 10;

/** What answers without Codex. */
export const startUp: Benchmark = {
  name: "start-up",
  title: "Commands that need no Codex, against an empty Node program",
  run: ({ runs, signal }) =>
    inWorld({ script: () => say("Done.") }, async (world) => {
      const { node, ask, broker } = await contestants(world);
      const begin = broker("start", "--read-only", "--linger", "0", "--wait", "Do it.");
      for (let session = 0; session < SESSIONS; session++) await measureExit(0, begin, signal);
      const once = (program: Program) => async () => (await measureExit(0, program, signal)).ms;
      const samples = await contest(
        {
          node: once(node("-e", "0")),
          help: once(ask("--help")),
          version: once(ask("--version")),
          sessions: once(ask("sessions")),
          list: once(broker("list")),
        },
        runs * ROUNDS_PER_RUN,
      );
      return [
        figure("node -e 0", "ms", samples.node),
        figure("ask_codex --help", "ms", samples.help),
        figure("ask_codex --version", "ms", samples.version),
        figure(`ask_codex sessions, ${SESSIONS} of them`, "ms", samples.sessions),
        figure(`codex_broker list, ${SESSIONS} of them`, "ms", samples.list),
        ratio("ask_codex --help : node -e 0", samples.help, samples.node, 1.3),
        ratio("ask_codex --version : node -e 0", samples.version, samples.node, 1.3),
        ratio("ask_codex sessions : node -e 0", samples.sessions, samples.node, 1.6),
        ratio("codex_broker list : node -e 0", samples.list, samples.node, 1.6),
      ];
    }),
};
