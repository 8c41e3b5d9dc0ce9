import { say } from "../../support/model/replies.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, meter } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { ratio, timed } from "../rows.ts";

/** The strictest form: the model answers at once, so nothing but the start and the bookkeeping is measured. */
export const oneTask: Benchmark = {
  name: "one-task",
  title: "One task, one answer (the model answers at once)",
  run: ({ runs, signal }) =>
    inWorld({ signal, script: () => say("Done.") }, async (world) => {
      const { bare, native, minimal, ask } = await contestants(world);
      const { once, cpu } = meter(signal);
      const entrants = {
        bare: bare("workspace-write", "Do it."),
        native: native("workspace-write", "Do it."),
        minimal: minimal("workspace-write", "Do it."),
        recorded: ask("Do it."),
        readOnly: ask("--read-only", "Do it."),
      };
      const samples = await contest(
        {
          bare: once(entrants.bare),
          native: once(entrants.native),
          minimal: once(entrants.minimal),
          recorded: once(entrants.recorded),
          readOnly: once(entrants.readOnly),
        },
        runs,
      );
      return [
        timed("codex exec --json, as npm installs it", samples.bare, cpu(entrants.bare)),
        timed("codex exec --json, the native program", samples.native, cpu(entrants.native)),
        timed("a minimal app-server client", samples.minimal, cpu(entrants.minimal)),
        timed("ask_codex, with git evidence", samples.recorded, cpu(entrants.recorded)),
        timed("ask_codex --read-only", samples.readOnly, cpu(entrants.readOnly)),
        ratio("ask_codex with git evidence : codex exec", samples.recorded, samples.bare, 1.2),
        ratio("ask_codex with git evidence : minimal client", samples.recorded, samples.minimal, 1.25),
        ratio("ask_codex --read-only : codex exec", samples.readOnly, samples.bare, 1.06),
        ratio("the same in processor time, with git evidence", cpu(entrants.recorded), cpu(entrants.bare)),
        ratio("the same in processor time, --read-only", cpu(entrants.readOnly), cpu(entrants.bare)),
        ratio("minimal client : codex exec", samples.minimal, samples.bare),
        ratio("ask_codex with git evidence : native codex exec", samples.recorded, samples.native),
        ratio("ask_codex --read-only : minimal client", samples.readOnly, samples.minimal),
      ];
    }),
};
