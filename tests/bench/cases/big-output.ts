import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run, say } from "../../support/model/replies.ts";
import { isToolResult } from "../after-tool.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const BYTES = 60_000_000;
const LINE = "0123456789 the quick brown fox jumps over the lazy dog 0123456789";
const PEAK_MEMORY = join(import.meta.dirname, "..", "programs", "peak-memory.cjs");

/** A command that floods: Codex tells of it in thousands of messages, and we have to keep up without keeping it all. */
export const bigOutput: Benchmark = {
  name: "big-output",
  title: "A command that prints 60 MB",
  run: ({ runs, signal }) =>
    inWorld({ signal, script: (request) => (isToolResult(request) ? say("Done.") : flood()) }, async (world) => {
      const { minimal, ask, node, bare } = await contestants(world);
      const peakFile = join(world.home, "peak");
      const memory: Record<"minimal" | "recorded" | "readOnly", number[]> = { minimal: [], recorded: [], readOnly: [] };
      const withPeak = (name: keyof typeof memory, program: Program) => async () => {
        const { ms } = await measureExit(0, program, signal);
        memory[name].push(Number(await readFile(peakFile, "utf8")) / 1_024);
        return ms;
      };
      /** The same program with the note of its memory: the Node that runs it is started by hand. */
      const noting = ({ command, args, env }: Program): Program => {
        const script = command === "node" ? args : [command, ...args];
        const started = node("--require", PEAK_MEMORY, ...script);
        return { ...started, env: { ...env, BENCH_PEAK_MEMORY: peakFile } };
      };
      const samples = await contest(
        {
          bare: async () => (await measureExit(0, bare("read-only", "Do it."), signal)).ms,
          minimal: withPeak("minimal", noting(minimal("read-only", "Do it."))),
          recorded: withPeak("recorded", noting(ask("Do it."))),
          readOnly: withPeak("readOnly", noting(ask("--read-only", "Do it."))),
        },
        runs,
      );
      return [
        figure("codex exec --json", "ms", samples.bare),
        figure("a minimal app-server client", "ms", samples.minimal),
        figure("ask_codex, with git evidence", "ms", samples.recorded),
        figure("ask_codex --read-only", "ms", samples.readOnly),
        ratio("ask_codex --read-only : minimal client", samples.readOnly, samples.minimal, 1.2),
        ratio("ask_codex with git evidence : minimal client", samples.recorded, samples.minimal, 1.2),
        figure("peak memory of a minimal client", "MB", memory.minimal),
        figure("peak memory of ask_codex", "MB", memory.recorded, 150),
        figure("peak memory of ask_codex --read-only", "MB", memory.readOnly, 150),
      ];
    }),
};

function flood() {
  return run(`yes '${LINE}' | head -c ${BYTES}`);
}
