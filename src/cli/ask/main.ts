import type { AskPlan } from "../../ask/model/plan.ts";
import { exitCodeOf } from "../../errors.ts";
import { taskText } from "../command/task-text.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { outliveReaders, printAtOnce } from "../edge/stdio.ts";
import { reportError } from "../output/report-error.ts";
import { type AskFlags, parseAsk } from "./command.ts";

/** `ask_codex`: reads the command line, does what it says, and leaves the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === "handoff") return (await import("../handoff/main.ts")).handoff(argv.slice(1));
  if (argv[0] === "handoff") return (await import("../handoff/main.ts")).handoff(argv.slice(1));
  const json = argv.includes("--json");
  try {
    process.exitCode = await run(argv);
  } catch (error) {
    process.exitCode = reportError(error, json);
  }
}

async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  switch (name) {
    case "sessions":
      return sessions(rest);
    case "route":
      return (await import("./route.ts")).route(rest);
    case "stats":
      return (await import("../stats/command.ts")).stats(rest);
    default:
      return ask(argv);
  }
}

async function ask(argv: readonly string[]): Promise<number> {
  const parsed = parseAsk(argv);
  if (parsed.type === "text") {
    printAtOnce(parsed.text);
    return 0;
  }
  const { flags } = parsed;
  refuseInside("ask_codex");
  const state = stateFolder();
  const { preparePlan } = await import("../command/prepare-plan.ts");
  const plan = await preparePlan(flags, await taskText(flags), currentFolder(), state);
  return runPlan(plan, flags, state);
}

async function runPlan(plan: AskPlan, flags: AskFlags, state: string): Promise<number> {
  const [{ runTask }, { countRun }, { openRun }, { closingLines, MOST_BYTES }, { keyValues }, { toResult }] =
    await Promise.all([
      import("../../ask/run/task.ts"),
      import("../../ask/report/ledger-entry.ts"),
      import("../command/open-run.ts"),
      import("../output/closing-lines.ts"),
      import("../output/key-values.ts"),
      import("../../ask/report/result.ts"),
    ]);
  const { context, progress } = await openRun(flags, state);
  try {
    const outcome = await runTask(plan, context);
    const uncounted = await countRun(state, outcome, { kind: "ask", workspace: plan.workspace });
    progress.stop();
    if (uncounted !== null) progress.line(`[WARNING] ${uncounted}`);
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
  const { listSessions } = await import("./sessions.ts");
  const { stdout, stderr } = await listSessions(argv, currentFolder(), stateFolder());
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  return 0;
}
