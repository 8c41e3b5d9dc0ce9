import { childEnvironment, depthOf } from "../ask/environment.ts";
import type { AskPlan } from "../ask/plan.ts";
import { exitCodeOf, UsageError } from "../errors.ts";
import { newId } from "../files/state-paths.ts";
import { type AskFlags, parseAsk } from "./ask-command.ts";
import { codexSearch } from "./codex-search.ts";
import { currentFolder, stateFolder } from "./folders.ts";
import { reportError } from "./report-error.ts";
import { cancelOnSignals } from "./signals.ts";
import { outliveReaders, printAtOnce } from "./stdio.ts";
import { taskText } from "./task-text.ts";
import { VERSION } from "./version.ts";

/** `ask_codex`: reads the command line, does what it says, and leaves the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  try {
    process.exitCode = argv[0] === "sessions" ? await sessions(argv.slice(1)) : await ask(argv);
  } catch (error) {
    process.exitCode = reportError(error, json);
  }
}

async function ask(argv: readonly string[]): Promise<number> {
  const parsed = parseAsk(argv);
  if (parsed.type === "text") {
    printAtOnce(parsed.text);
    return 0;
  }
  const { flags } = parsed;
  if (depthOf(process.env) > 0)
    throw new UsageError("ask_codex was called from inside one of its own runs; that would never end.");
  const state = stateFolder();
  const { preparePlan } = await import("./prepare-plan.ts");
  const plan = await preparePlan(flags, await taskText(flags), currentFolder(), state);
  return runPlan(plan, flags, state);
}

// Claude Code shows the head of a longer output only; a JSON object is for programs and does not count.
const MOST_BYTES = 8_190;

async function runPlan(plan: AskPlan, flags: AskFlags, state: string): Promise<number> {
  const [{ runTask }, { ownCodex }, { findProcess }, { openProgress }, { closingLines }, { keyValues }, { toResult }] =
    await Promise.all([
      import("../ask/run-task.ts"),
      import("../ask/own-codex.ts"),
      import("../process/process-table.ts"),
      import("./open-progress.ts"),
      import("./closing-lines.ts"),
      import("./key-values.ts"),
      import("../ask/result.ts"),
    ]);
  outliveReaders();
  const signal = cancelOnSignals();
  const progress = await openProgress(flags.quiet);
  const identity = await findProcess(process.pid);
  const runId = newId();
  try {
    const outcome = await runTask(plan, {
      state,
      home: state,
      runId,
      snapshots: null,
      owner: { pid: process.pid, startedAt: identity?.startedAt ?? "", runId },
      codex: ownCodex(),
      attendant: null,
      askToYield: async (holder) => (await import("../broker/give-way.ts")).giveWay(holder),
      env: childEnvironment(process.env, { clean: flags.cleanEnv, keep: flags.keepEnv }),
      search: codexSearch(),
      version: VERSION,
      signal,
      progress,
    });
    progress.stop();
    const result = flags.json ? `${JSON.stringify(toResult(outcome))}\n` : keyValues(outcome);
    const room = MOST_BYTES - progress.written() - (flags.json ? 0 : Buffer.byteLength(result));
    for (const line of closingLines(outcome, room)) progress.line(line);
    process.stdout.write(result);
    return exitCodeOf(outcome.status, outcome.signal);
  } finally {
    progress.stop();
  }
}

async function sessions(argv: readonly string[]): Promise<number> {
  outliveReaders();
  const { listSessions } = await import("./sessions-command.ts");
  const { stdout, stderr } = await listSessions(argv, currentFolder(), stateFolder());
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  return 0;
}
