import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { brokerIn } from "../../support/broker.ts";
import { endLeftovers } from "../../support/leftovers.ts";
import { say } from "../../support/model/replies.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, meter, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { type Row, ratio, timed } from "../rows.ts";

/** As npm has them; the adapter contains a Codex of its own. */
const PACKAGES = ["acpx@0.19.1", "@zed-industries/codex-acp@0.16.0"];

/** Other ways from a script to Codex, in the same rounds. `plugin`: the folder of OpenAI's plugin for Claude Code; null: it is left out. */
export function peers(plugin: string | null): Benchmark {
  return {
    name: "peers",
    title: "Peers, one task each on the same scripted model",
    run: ({ runs, signal }) =>
      inWorld({ signal, script: () => say("Done.") }, async (world) => {
        const bin = await installed(signal);
        const { bare, ask, broker: program } = await contestants(world);
        await using broker = brokerIn(world);
        const id = await broker.start("Begin.", "--read-only", "--wait");
        const { once, cpu } = meter(signal);
        const entrants: Record<string, Program> = {
          "codex exec --json": bare("workspace-write", "Do it."),
          "ask_codex, with git evidence": ask("Do it."),
          "ask_codex --read-only": ask("--read-only", "Do it."),
          "codex_broker send --wait, read-only": program("send", id, "Go on.", "--wait"),
          "acpx exec": inFolder(world, join(bin, "acpx"), [
            "--approve-all",
            "--agent",
            join(bin, "codex-acp"),
            "exec",
            "Do it.",
          ]),
          ...(plugin === null
            ? {}
            : {
                "OpenAI's plugin, task --fresh": inFolder(world, "node", [
                  join(plugin, COMPANION),
                  "task",
                  "--fresh",
                  "Do it.",
                ]),
              }),
        };
        const samples = await contest(
          Object.fromEntries(Object.entries(entrants).map(([name, entrant]) => [name, once(entrant)])),
          runs,
        );
        await broker[Symbol.asyncDispose]();
        // Peers leave processes behind; a measurement does not.
        endLeftovers(await world.processes());
        const bareTimes = samples["codex exec --json"] ?? [];
        return Object.entries(entrants).flatMap(([name, entrant]): readonly Row[] => [
          timed(name, samples[name] ?? [], cpu(entrant)),
          ...(name === "codex exec --json" ? [] : [ratio(`${name} : codex exec`, samples[name] ?? [], bareTimes)]),
        ]);
      }),
  };
}

// Beside Claude Code's other plugins, where its marketplace puts them.
const COMPANION = join("scripts", "codex-companion.mjs");

/** The folder of the peers' programs: in the user's cache, outside of every clone, and installed the first time. */
async function installed(signal: AbortSignal): Promise<string> {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const prefix = join(cache, "ask-codex-bench", PACKAGES.join(" ").replaceAll(/[^\w.-]+/g, "_"));
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefix", prefix, ...PACKAGES], { cancelSignal: signal });
  return join(prefix, "node_modules", ".bin");
}

/** What they leave in the folder of temporary files is theirs. */
function inFolder({ workspace, env, home }: World, command: string, args: readonly string[]): Program {
  return { command, args, cwd: workspace, env: { ...env, TMPDIR: home } };
}
