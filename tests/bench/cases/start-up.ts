import { say } from "../../support/model/replies.ts";
import { PROGRAM } from "../../support/programs.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, meter, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio, timed } from "../rows.ts";

// Some tens of milliseconds each: a few rounds more cost nothing and say more.
const ROUNDS_PER_RUN = 3;

const SESSIONS = 10;

/** What answers without Codex. */
export const startUp: Benchmark = {
  name: "start-up",
  title: "Commands that need no Codex, against an empty Node program",
  run: ({ runs, signal }) =>
    inWorld({ signal, script: () => say("Done.") }, async (world) => {
      const { node, ask, broker } = await contestants(world);
      const begin = broker("start", "--read-only", "--linger", "0", "--wait", "Do it.");
      for (let session = 0; session < SESSIONS; session++) await measureExit(0, begin, signal);
      const { once, cpu } = meter(signal);
      const launcher: Program = { ...ask("--help"), command: `${PROGRAM}.sh` };
      const entrants = {
        node: node("-e", "0"),
        help: ask("--help"),
        version: ask("--version"),
        sessions: ask("sessions"),
        list: broker("list"),
      };
      const samples = await contest(
        {
          node: once(entrants.node),
          help: once(entrants.help),
          launcher: async () => (await measureExit(0, launcher, signal)).ms,
          version: once(entrants.version),
          sessions: once(entrants.sessions),
          list: once(entrants.list),
        },
        runs * ROUNDS_PER_RUN,
      );
      return [
        timed("node -e 0", samples.node, cpu(entrants.node)),
        timed("ask_codex --help", samples.help, cpu(entrants.help)),
        timed("ask_codex --version", samples.version, cpu(entrants.version)),
        timed(`ask_codex sessions, ${SESSIONS} of them`, samples.sessions, cpu(entrants.sessions)),
        timed(`codex_broker list, ${SESSIONS} of them`, samples.list, cpu(entrants.list)),
        figure("the launcher ask_codex.sh --help", "ms", samples.launcher),
        ratio("ask_codex --help : node -e 0", samples.help, samples.node, 1.3),
        ratio("ask_codex --version : node -e 0", samples.version, samples.node, 1.3),
        ratio("ask_codex sessions : node -e 0", samples.sessions, samples.node, 1.6),
        ratio("codex_broker list : node -e 0", samples.list, samples.node, 1.6),
      ];
    }),
};
