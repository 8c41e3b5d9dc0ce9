import { AskCodexError } from "../errors.ts";
import { parseJsonLine } from "../files/json-line.ts";
import { type ClaudeExit, isHopeless, problemOf } from "./end.ts";
import { actionsIn, advance, type ClaudeRun, NO_RUN } from "./fold-run.ts";
import { claudeMessage } from "./messages.ts";
import { type ClaudeProcessOptions, startClaude } from "./process.ts";
import { isOldClaude, tooOldClaude } from "./version.ts";

export interface ClaudeRunOptions extends Omit<ClaudeProcessOptions, "onLine"> {
  readonly limits: { readonly totalMs: number; readonly idleMs: number };
  readonly signal: AbortSignal;
  readonly watcher: ClaudeWatcher;
}

/** Where its progress is reported. */
interface ClaudeWatcher {
  started(pid: number | null): void;
  opened(conversation: string): void;
  action(text: string): void;
}

/** A run of Claude Code that is over; nothing of it runs any more but the survivors. */
export interface ClaudeEnd {
  readonly run: ClaudeRun;
  /** Why it could not do its work; null: it came to an end of its own, or we ended it because we were asked to. */
  readonly error: AskCodexError | null;
  readonly survivors: readonly number[];
}

/** Runs `claude -p` to its end, whatever that is: its own, a limit, the signal. The first cause counts. Never rejects. */
export async function runClaude(options: ClaudeRunOptions): Promise<ClaudeEnd> {
  const { limits, signal, watcher } = options;
  let run = NO_RUN;
  let cause: AskCodexError | "signal" | null = null;
  const stop = (why: AskCodexError | "signal") => {
    cause ??= why;
    void claude.end();
  };
  const onLine = (line: string) => {
    idle.refresh();
    const message = parseJsonLine(line, claudeMessage);
    if (message === null) return;
    const before = run;
    run = advance(run, message, Date.now());
    if (run.conversation !== null && run.conversation !== before.conversation) watcher.opened(run.conversation);
    if (run.version !== null && run.version !== before.version && isOldClaude(run.version))
      stop(tooOldClaude(run.version));
    for (const text of actionsIn(message)) watcher.action(text);
    if (isHopeless(run)) stop(problemOf(run, STOPPED) as AskCodexError);
  };
  const claude = startClaude({ ...options, onLine });
  const idle = setInterval(() => {
    // While a command runs it is not idle.
    if (run.open.size === 0) stop(timedOut("idle_timeout", "has not said anything", limits.idleMs));
  }, limits.idleMs);
  const total = setTimeout(() => stop(timedOut("total_timeout", "did not finish", limits.totalMs)), limits.totalMs);
  const onAbort = () => stop("signal");
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  watcher.started(claude.pid);
  const exit = await claude.exited;
  clearInterval(idle);
  clearTimeout(total);
  signal.removeEventListener("abort", onAbort);
  const survivors = (await claude.end()).map(({ pid }) => pid);
  return { run, error: errorOf(cause, run, exit), survivors };
}

function errorOf(cause: AskCodexError | "signal" | null, run: ClaudeRun, exit: ClaudeExit): AskCodexError | null {
  if (cause === "signal") return null;
  return cause ?? problemOf(run, exit);
}

const STOPPED: ClaudeExit = { code: null, signal: "SIGTERM", error: null, stderr: "" };

function timedOut(kind: "idle_timeout" | "total_timeout", what: string, ms: number): AskCodexError {
  const hint = "Split the task, or raise the limit.";
  return new AskCodexError(kind, `Claude Code ${what} within ${Math.round(ms / 1000)} s`, { hint });
}
