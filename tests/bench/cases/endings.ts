import { once } from "node:events";
import { startAsk } from "../../support/ask.ts";
import { run, silence } from "../../support/model/replies.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure } from "../rows.ts";

// `--timeout 1` is granted twice.
const BOTH_WINDOWS_MS = 2_000;

/** How long an ending takes that is not Codex's own: a limit that was reached, a signal. */
export const endings: Benchmark = {
  name: "endings",
  title: "From the limit or the signal to the exit",
  async run({ runs, signal }) {
    const limit = await inWorld({ signal, script: () => silence() }, async (world) => {
      const { ask } = await contestants(world);
      const program = ask("--timeout", "1", "Do it.");
      const overshoot = async () => (await measureExit(2, program, signal)).ms - BOTH_WINDOWS_MS;
      return contest({ overshoot }, runs);
    });
    const signalled = await inWorld({ signal, script: () => run("sleep 60") }, (world) =>
      contest({ term: () => fromSigterm(world, signal) }, runs),
    );
    return [
      figure("--timeout 1, silent model: wall time less 2 s", "ms", limit.overshoot, 500),
      figure("SIGTERM while a command runs", "ms", signalled.term, 1_200),
    ];
  },
};

async function fromSigterm(world: World, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  await using asking = startAsk(world, ["Do it."]);
  await asking.stderrLine("> ");
  const exited = once(asking.child, "exit");
  const startedAt = performance.now();
  asking.child.kill("SIGTERM");
  await exited;
  const ms = performance.now() - startedAt;
  const { code } = await asking.done;
  if (code !== 143) throw new Error(`SIGTERM ended it with ${code} instead of 143`);
  return ms;
}
