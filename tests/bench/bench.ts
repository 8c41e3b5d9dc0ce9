import { setMaxListeners } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { requireBuilt } from "../support/built.ts";
import { ROOT } from "../support/paths.ts";
import type { BenchContext, Benchmark } from "./benchmark.ts";
import { batch } from "./cases/batch.ts";
import { bigOutput } from "./cases/big-output.ts";
import { bigRepository } from "./cases/big-repository.ts";
import { delegation } from "./cases/delegation.ts";
import { endings } from "./cases/endings.ts";
import { fleet } from "./cases/fleet.ts";
import { growth } from "./cases/growth.ts";
import { liveSession } from "./cases/live-session.ts";
import { manySessions } from "./cases/many-sessions.ts";
import { noNetwork } from "./cases/no-network.ts";
import { oneEdit } from "./cases/one-edit.ts";
import { oneTask } from "./cases/one-task.ts";
import { ownTime } from "./cases/own-time.ts";
import { parallel } from "./cases/parallel.ts";
import { peers } from "./cases/peers.ts";
import { refusedLogin } from "./cases/refused-login.ts";
import { review } from "./cases/review.ts";
import { startUp } from "./cases/start-up.ts";
import { tenThousandSessions } from "./cases/ten-thousand-sessions.ts";
import { writeMeasurements } from "./document.ts";
import { describeMachine, type Machine } from "./machine.ts";
import { isMet, type Row } from "./rows.ts";
import { table } from "./table.ts";

const BENCHMARKS: readonly Benchmark[] = [
  oneTask,
  ownTime,
  oneEdit,
  startUp,
  refusedLogin,
  endings,
  bigOutput,
  bigRepository,
  parallel,
  batch,
  review,
  delegation,
  fleet,
  liveSession,
  manySessions,
  tenThousandSessions,
  growth,
  noNetwork,
];

const USAGE = `Usage: npm run bench -- [--runs N] [--only NAME]... [--peers [--plugin PATH]] [--write]

Whole processes on a scripted model that answers at once; medians of N interleaved rounds (default 9). The exit code says whether
the measuring worked, not how fast it was. --peers runs other ways to Codex in the same rounds: those that npm has (installed into
your cache folder), and OpenAI's plugin where the path of its folder is given. --write puts goals and charts into
references/measurements.md.

Names: ${BENCHMARKS.map(({ name }) => name).join(", ")}
`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const chosen = choose(argv);
  if (chosen === null) {
    process.stderr.write(USAGE);
    return 1;
  }
  const interrupted = new AbortController();
  // Each of the programs that run at once listens.
  setMaxListeners(0, interrupted.signal);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(name, () => interrupted.abort(new Error("interrupted")));
  const context: BenchContext = { runs: chosen.runs, signal: interrupted.signal };
  try {
    await requireBuilt(interrupted.signal);
    const machine = await describeMachine();
    process.stdout.write(`${heading(machine, context)}\n\n`);
    const results: Record<string, readonly Row[]> = {};
    for (const benchmark of chosen.benchmarks) {
      const rows = await benchmark.run(context);
      results[benchmark.name] = rows;
      process.stdout.write(`${table(benchmark, rows)}\n`);
    }
    if (chosen.write) await writeMeasurements(machine, context, results, growth.curves);
    process.stdout.write(`${relative(process.cwd(), await save(machine, context, results))}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`[ERROR] ${error instanceof Error ? error.message : error}\n`);
    return interrupted.signal.aborted ? 130 : 1;
  }
}

function choose(argv: readonly string[]) {
  try {
    const options = {
      runs: { type: "string", default: "9" },
      only: { type: "string", multiple: true },
      peers: { type: "boolean", default: false },
      plugin: { type: "string" },
      write: { type: "boolean", default: false },
    } as const;
    const values = parseArgs({ args: [...argv], options }).values;
    const { runs, only, plugin, write } = values;
    const named = BENCHMARKS.filter(({ name }) => only === undefined || only.includes(name));
    if (!/^[1-9]\d*$/.test(runs) || named.length < (only?.length ?? 1)) return null;
    return { runs: Number(runs), benchmarks: values.peers ? [...named, peers(plugin ?? null)] : named, write };
  } catch {
    return null;
  }
}

function heading({ node, codex, git, cpu, cores, load, commit, dirty }: Machine, { runs }: BenchContext): string {
  const busy = load > cores / 2 ? ` — BUSY (load ${load.toFixed(1)}): figures are provisional, ratios less so` : "";
  return [
    `${cpu}, ${cores} cores${busy}`,
    `Node ${node}, Codex ${codex}, git ${git}, commit ${commit.slice(0, 10)}${dirty ? " and changes" : ""}; medians of ${runs}`,
  ].join("\n");
}

/** Beside what other runs of the bench have found: a change shows only by comparison. */
async function save(machine: Machine, { runs }: BenchContext, results: Readonly<Record<string, readonly Row[]>>) {
  const date = new Date().toISOString();
  const path = join(ROOT, "bench-results", `${date.replaceAll(/[:.]/g, "-")}.json`);
  const told = Object.entries(results).map(([name, rows]) => [name, rows.map((row) => ({ ...row, met: isMet(row) }))]);
  await mkdir(join(ROOT, "bench-results"), { recursive: true });
  await writeFile(path, `${JSON.stringify({ date, runs, ...machine, results: Object.fromEntries(told) }, null, 2)}\n`);
  return path;
}
