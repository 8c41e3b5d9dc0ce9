import { say } from "../../support/model/replies.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
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
      const once = (program: Program) => async () => (await measureExit(0, program, signal)).ms;
      const samples = await contest(
        {
          bare: once(bare("workspace-write", "Do it.")),
          native: once(native("workspace-write", "Do it.")),
          minimal: once(minimal("workspace-write", "Do it.")),
          recorded: once(ask("Do it.")),
          readOnly: once(ask("--read-only", "Do it.")),
        },
        runs,
      );
      return [
        figure("codex exec --json, as npm installs it", "ms", samples.bare),
        figure("codex exec --json, the native program", "ms", samples.native),
        figure("a minimal app-server client", "ms", samples.minimal),
        figure("ask_codex, with git evidence", "ms", samples.recorded),
        figure("ask_codex --read-only", "ms", samples.readOnly),
        ratio("ask_codex with git evidence : codex exec", samples.recorded, samples.bare, 1.25),
        ratio("ask_codex --read-only : codex exec", samples.readOnly, samples.bare, 1.25),
        ratio("minimal client : codex exec", samples.minimal, samples.bare),
        ratio("ask_codex with git evidence : native codex exec", samples.recorded, samples.native),
        ratio("ask_codex --read-only : minimal client", samples.readOnly, samples.minimal),
      ];
    }),
};
