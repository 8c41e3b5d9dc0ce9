import { say } from "../../support/model/replies.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, meter } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

/** The strictest form: the model answers at once, so nothing but the start and the bookkeeping is measured. */
export const oneTask: Benchmark = {
  name: "one-task",
  title: "One task, one answer (the model answers at once)",
  run: ({ runs, signal }) =>
    inWorld({ script: () => say("Done.") }, async (world) => {
      const { bare, native, minimal, ask } = await contestants(world);
      const { once, cpu } = meter(signal);
      const entrants = {
        bare: bare("workspace-write", "Do it."),
        recorded: ask("Do it."),
        readOnly: ask("--read-only", "Do it."),
      };
      const samples = await contest(
        {
          bare: once(entrants.bare),
          native: once(native("workspace-write", "Do it.")),
          minimal: once(minimal("workspace-write", "Do it.")),
          recorded: once(entrants.recorded),
          readOnly: once(entrants.readOnly),
        },
        runs,
      );
      return [
        figure("codex exec --json, as npm installs it", "ms", samples.bare),
        figure("codex exec --json, the native program", "ms", samples.native),
        figure("a minimal app-server client", "ms", samples.minimal),
        figure("ask_codex, with git evidence", "ms", samples.recorded),
        figure("ask_codex --read-only", "ms", samples.readOnly),
        ratio("ask_codex with git evidence : codex exec", samples.recorded, samples.bare, 1.2),
        ratio("ask_codex --read-only : codex exec", samples.readOnly, samples.bare, 1.06),
        ratio("the same in processor time, with git evidence", cpu(entrants.recorded), cpu(entrants.bare)),
        ratio("the same in processor time, --read-only", cpu(entrants.readOnly), cpu(entrants.bare)),
        ratio("minimal client : codex exec", samples.minimal, samples.bare),
        ratio("ask_codex with git evidence : native codex exec", samples.recorded, samples.native),
        ratio("ask_codex --read-only : minimal client", samples.readOnly, samples.minimal),
      ];
    }),
};
