/** Every `status=` a run can end with, and the exit code that goes with it. */
export const EXIT_CODES = {
  completed: 0,
  failed: 1,
  validation_failed: 1,
  partial: 1,
  no_change: 1,
  timeout: 2,
  fatal: 3,
  pending_question: 4,
  contract_violation: 5,
  cancelled: 130,
} as const;

export type Status = keyof typeof EXIT_CODES;

/** Signals that cancel a run, and the exit code each one leaves (128 + its number). */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export type CancelSignal = keyof typeof SIGNAL_EXIT_CODES;

/** Every `error_kind=`: the status it ends a run with, and what the caller can do next. */
export const ERROR_KINDS = {
  auth: {
    status: "fatal",
    next: "Log in with `codex login` (with an API key: `codex login --with-api-key`), or set the provider's own key.",
  },
  usage_limit: { status: "fatal", next: "Wait until resets_at, or do the task without Codex." },
  rate_limit: { status: "fatal", next: "Wait a minute before the next run; do not retry in parallel." },
  network: { status: "fatal", next: "Check the connection and any proxy, then run it again." },
  overloaded: { status: "fatal", next: "The service is failing; try again later." },
  model_unavailable: {
    status: "fatal",
    next: "Choose another model with --model, or leave it to the Codex configuration.",
  },
  codex_missing: { status: "fatal", next: "Install Codex: npm install -g @openai/codex" },
  codex_incompatible: {
    status: "fatal",
    next: "stderr.log in the run's folder says why. If this Codex is old: npm install -g @openai/codex@latest",
  },
  config: { status: "fatal", next: "Fix the Codex configuration; `codex doctor` shows it." },
  claude_missing: { status: "fatal", next: "Install Claude Code: npm install -g @anthropic-ai/claude-code" },
  claude_incompatible: { status: "fatal", next: "Update Claude Code: claude update" },
  claude_crashed: {
    status: "failed",
    next: "The delegation's folder has what Claude Code printed; try the task again.",
  },
  budget: { status: "failed", next: "Raise --budget-usd, or split the task." },
  context_window: { status: "failed", next: "Start a new session with a shorter task, or split it." },
  sandbox: { status: "failed", next: "Codex could not work in the sandbox asked for; run `codex doctor`." },
  input_too_large: {
    status: "failed",
    next: "Shorten the prompt; point to files with --file instead of pasting them.",
  },
  empty_answer: { status: "failed", next: "Continue with --session and ask for the result, or simplify the task." },
  session_busy: { status: "failed", next: "Wait for the run that holds the session, or branch off with --fork." },
  session_unknown: { status: "failed", next: "List the sessions of this work tree with `ask_codex sessions`." },
  codex_killed: { status: "failed", next: "Codex was killed, often for lack of memory; continue with --session." },
  worker_lost: {
    status: "failed",
    next: "The session's worker was killed in the middle: `codex_broker resume` or the next message goes on.",
  },
  turn_failed: { status: "failed", next: "The report and events.jsonl in the run's folder have what Codex said." },
  protocol: {
    status: "failed",
    next: "stderr.log and events.jsonl in the run's folder have what there is to know.",
  },
  system: { status: "failed", next: "Something on this machine is used up or closed to us; the message names it." },
  internal: {
    status: "failed",
    next: "Unexpected error, perhaps a bug in ask_codex. Read the message, and report it with the run's folder.",
  },
  queue: {
    status: "fatal",
    next: "Check the queue's address, its password (ASK_CODEX_QUEUE_PASSWORD) and the key: every machine of a batch needs the same ones.",
  },
  machine_unreachable: {
    status: "fatal",
    next: "Try by hand to log in there by ssh, then go on with --resume.",
  },
  machine_lost: {
    status: "failed",
    next: "Once the machine is back, go on with --resume, and with --retry for the task.",
  },
  findings: {
    status: "validation_failed",
    next: "Read the findings; fix them, or decide them with `ask_codex review resolve`.",
  },
  review_incomplete: {
    status: "failed",
    next: "Review what is left: narrow the target, or raise --max-turns, --max-tokens or --timeout.",
  },
  no_tasks: { status: "validation_failed", next: "Send a clearer goal, or give the work to `ask_codex` as one task." },
  not_reviewed: { status: "failed", next: "Nothing can be said of the change; read the report, then review it again." },
  batch_incomplete: {
    status: "partial",
    next: "The report has every task; fix what failed, then go on with --resume and --retry.",
  },
  not_applied: { status: "failed", next: "The result is kept: look at what changed in the work tree, then merge it." },
  usage: { status: "failed", next: "See ask_codex --help." },
  idle_timeout: { status: "timeout", next: "Continue with --session, split the task, or raise --idle-timeout." },
  total_timeout: { status: "timeout", next: "Continue with --session, split the task, or raise --timeout." },
} as const satisfies Record<string, { status: Status; next: string }>;

export type ErrorKind = keyof typeof ERROR_KINDS;

/** An expected failure: its kind decides status, exit code and the default next step. */
export class AskCodexError extends Error {
  readonly kind: ErrorKind;
  /** What the caller can do about it, in one sentence. */
  readonly hint: string;
  /** When the limit is lifted, in Unix seconds (usage_limit only). */
  readonly resetsAt: number | null;

  constructor(
    kind: ErrorKind,
    message: string,
    options: { hint?: string; resetsAt?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.hint = options.hint ?? ERROR_KINDS[kind].next;
    this.resetsAt = options.resetsAt ?? null;
  }
}

/** Bad input: nothing was started, nothing was written. */
export class UsageError extends AskCodexError {
  constructor(message: string, hint?: string) {
    super("usage", message, hint === undefined ? {} : { hint });
  }
}

/** The exit code of a run that ended with `status`; `signal` names the one that cancelled it. */
export function exitCodeOf(status: Status, signal: CancelSignal | null = null): number {
  return status === "cancelled" && signal !== null ? SIGNAL_EXIT_CODES[signal] : EXIT_CODES[status];
}

/** The signal that cancelled a run, from the reason of its abort; SIGTERM for any other reason. */
export function cancelSignalOf(reason: unknown): CancelSignal {
  return typeof reason === "string" && reason in SIGNAL_EXIT_CODES ? (reason as CancelSignal) : "SIGTERM";
}

/** Whatever was thrown, as an error of ours: what the machine refuses is named, and only what no one foresaw is `internal`. */
export function asExpected(thrown: unknown, what: string = ""): AskCodexError {
  if (thrown instanceof AskCodexError) return thrown;
  const message = `${what}${what === "" ? "" : ": "}${messageOf(thrown)}`;
  const hint = SYSTEM.find(([codes]) => isErrno(thrown, ...codes))?.[1];
  if (hint === undefined) return new AskCodexError("internal", message, { cause: thrown });
  return new AskCodexError("system", message, { cause: thrown, hint });
}

/** Why a place that was asked for cannot be used: `system` where the machine has run out of something, else `usage`. */
export function asRefused(thrown: unknown, message: string, hint?: string): AskCodexError {
  if (!isErrno(thrown, ...USED_UP.flatMap(([codes]) => codes))) return new UsageError(message, hint);
  return new AskCodexError("system", message, { cause: thrown, hint: hint ?? asExpected(thrown).hint });
}

type Advice = readonly (readonly [codes: readonly string[], next: string])[];

const USED_UP: Advice = [
  [["ENOSPC", "EDQUOT"], "Make room on the disk, or set ASK_CODEX_HOME to a folder on another."],
  [["EMFILE", "ENFILE"], "Too many files are open: raise the limit (ulimit -n), or run less at once."],
  [["ENOMEM", "EAGAIN"], "No memory or no process is left (ulimit -u): run less at once."],
];

const SYSTEM: Advice = [
  ...USED_UP,
  [["EROFS", "EACCES", "EPERM"], "Make it readable and writable for you, or set ASK_CODEX_HOME to a folder of yours."],
  [
    ["EIO", "ESTALE", "EINVAL", "ENOTDIR", "EISDIR", "ELOOP"],
    "Look at what is at that path: it is not what belongs there.",
  ],
];

/** True for a Node system error with this code (`ENOENT`, `ESRCH`, …). */
export function isErrno(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why a file that the user named cannot be used, in words: Node's own name its call and repeat the path. */
export function fileFault(error: unknown): string {
  if (isErrno(error, "ENOENT")) return "there is no such file";
  if (isErrno(error, "ENOTDIR")) return "a part of the path is not a folder";
  if (isErrno(error, "EISDIR")) return "it is a folder";
  if (isErrno(error, "EACCES", "EPERM")) return "you have no permission";
  return messageOf(error);
}

/** Compile-time proof that a switch covers every variant. */
export function unreachable(value: never): never {
  throw new Error(`unexpected variant: ${JSON.stringify(value)}`);
}
