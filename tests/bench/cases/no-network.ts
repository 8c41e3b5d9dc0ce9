import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure } from "../rows.ts";

// Each one takes a good quarter of a minute, nearly all of it spent waiting, so there is little to vary.
const MOST_ROUNDS = 2;

/** A model that cannot be reached. Codex itself would wait for ever. */
export const noNetwork: Benchmark = {
  name: "no-network",
  title: "A model that cannot be reached, to the exit (default --retry-window)",
  async run({ runs, signal }) {
    const seconds = (retries: "off" | "default") =>
      inWorld({ signal, script: [], retries }, async (world) => {
        await world.model.close();
        const { ask } = await contestants(world);
        const once = async () => (await measureExit(3, ask("Do it."), signal)).ms / 1_000;
        return contest({ once }, Math.min(runs, MOST_ROUNDS), { warmUp: false });
      });
    return [
      figure("ask_codex, retries off", "s", (await seconds("off")).once, 20),
      figure("ask_codex, Codex's default retries", "s", (await seconds("default")).once, 35),
    ];
  },
};
