import { run, say } from "../../support/model/replies.ts";
import { isToolResult } from "../after-tool.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

/** A task as people have them: a command runs in the sandbox and changes a file, and there is something to be proved. */
export const oneEdit: Benchmark = {
  name: "one-edit",
  title: "One task that edits a file with a command in the sandbox",
  run: ({ runs, signal }) =>
    inWorld(
      { signal, script: (request) => (isToolResult(request) ? say("Done.") : run("date +%N > now.txt")) },
      async (world) => {
        const { bare, minimal, ask } = await contestants(world);
        const once = (program: Program) => async () => (await measureExit(0, program, signal)).ms;
        const samples = await contest(
          {
            bare: once(bare("workspace-write", "Do it.")),
            minimal: once(minimal("workspace-write", "Do it.")),
            recorded: once(ask("Do it.")),
          },
          runs,
        );
        return [
          figure("codex exec --json, as npm installs it", "ms", samples.bare),
          figure("a minimal app-server client", "ms", samples.minimal),
          figure("ask_codex, with git evidence", "ms", samples.recorded),
          ratio("ask_codex with git evidence : codex exec", samples.recorded, samples.bare, 1.2),
        ];
      },
    ),
};
