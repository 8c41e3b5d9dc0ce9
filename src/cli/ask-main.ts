import { writeSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { oneLine } from "../ask/defuse.ts";
import { childEnvironment, depthOf } from "../ask/environment.ts";
import type { AskPlan } from "../ask/plan.ts";
import { SCHEMA_VERSION } from "../ask/result.ts";
import { AskCodexError, ERROR_KINDS, exitCodeOf, isErrno, messageOf, UsageError } from "../errors.ts";
import { newId, stateHome } from "../files/state-paths.ts";
import { type AskFlags, parseAsk } from "./ask-command.ts";
import { ownPackage } from "./own-package.ts";
import { cancelOnSignals } from "./signals.ts";
import { VERSION } from "./version.ts";

/** `ask_codex`: reads the command line, does what it says, and leaves the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  try {
    process.exitCode = argv[0] === "sessions" ? await sessions(argv.slice(1)) : await ask(argv);
  } catch (error) {
    process.exitCode = report(error, json);
  }
}

/** Help and version: setting up process.stdout would take half as long as all the rest. */
function printAtOnce(text: string): void {
  try {
    writeSync(1, text);
  } catch (error) {
    if (!isErrno(error, "EPIPE", "EAGAIN")) throw error;
  }
}

/** Whoever reads us may stop reading (`| head -1`); that ends no run. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
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
  const plan = await preparePlan(flags, await taskOf(flags), currentFolder(), state);
  return runPlan(plan, flags, state);
}

/** The task from the one place it was given in. Stdin is read only when nothing else was, and never from a terminal. */
async function taskOf(flags: AskFlags): Promise<string> {
  const { task, promptFile } = flags;
  if (task !== undefined && promptFile !== undefined)
    throw new UsageError("The task came twice: drop --prompt-file or the text.");
  if (task !== undefined) return task;
  const { readPromptFile, readStdin } = await import("./text-input.ts");
  if (promptFile !== undefined) return readPromptFile(promptFile, process.stdin);
  return isatty(0) ? "" : readStdin(process.stdin);
}

// Claude Code shows the head of a longer output only; a JSON object is for programs and does not count.
const MOST_BYTES = 8_190;

async function runPlan(plan: AskPlan, flags: AskFlags, state: string): Promise<number> {
  const [{ runTask }, { findProcess }, { openProgress }, { closingLines }, { keyValues }, { toResult }] =
    await Promise.all([
      import("../ask/run-task.ts"),
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
  try {
    const outcome = await runTask(plan, {
      state,
      owner: { pid: process.pid, startedAt: identity?.startedAt ?? "", runId: newId() },
      env: childEnvironment(process.env, { clean: flags.cleanEnv, keep: flags.keepEnv }),
      search: {
        command: process.env["ASK_CODEX_COMMAND"],
        path: process.env["PATH"] ?? "",
        home: homedir(),
        ownPackage: ownPackage(process.argv[1] ?? ""),
      },
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

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new UsageError(`The current folder cannot be told (${messageOf(error)}).`, "Change to a folder that exists.");
  }
}

/** Absolute: git and Codex work in other folders than we do. */
function stateFolder(): string {
  return resolve(currentFolder(), stateHome(process.env, homedir()));
}

/** A failure before any run: one line for people, and for programs what they would look for. */
function report(error: unknown, json: boolean): number {
  outliveReaders();
  const expected =
    error instanceof AskCodexError ? error : new AskCodexError("internal", messageOf(error), { cause: error });
  const { kind, message, hint } = expected;
  const { status } = ERROR_KINDS[kind];
  const sentence = oneLine(message, 500);
  process.stderr.write(`[ERROR] ${sentence}${/[.!?]$/.test(sentence) ? "" : " —"} ${hint}\n`);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ schema_version: SCHEMA_VERSION, status, error: { kind, message, next: hint } })}\n`,
    );
  else if (kind !== "usage") process.stdout.write(`status=${status}\nerror_kind=${kind}\n`);
  return exitCodeOf(status);
}
