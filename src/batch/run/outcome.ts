import { AskCodexError, type CancelSignal, ERROR_KINDS, type ErrorKind, type Status } from "../../errors.ts";
import { counted, firstOf } from "../../text/words.ts";
import type { PayloadOf } from "../schedule/event.ts";
import { type Placement, type PlacementState, placementState } from "../schedule/placement.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { counts, type TaskState } from "../schedule/task-state.ts";
import { planOrder } from "./base-for.ts";
import { together } from "./second-try.ts";

/** What a batch came to. */
export interface BatchOutcome {
  readonly batchId: string;
  readonly status: Status;
  readonly error: AskCodexError | null;
  readonly signal: CancelSignal | null;
  /** In the order of the plan. */
  readonly tasks: readonly TaskEnd[];
  readonly clean: number;
  readonly tokens: number;
  readonly landed: PayloadOf<"batch_landed"> | null;
  readonly checks: readonly PayloadOf<"check_finished">[];
  /** Tries on other machines, in the order they were made. */
  readonly placed: readonly Placed[];
  /** Each kind of failure once. */
  readonly failures: readonly Failure[];
}

export interface TaskEnd {
  readonly id: string;
  readonly state: TaskState;
  /** A status of a run, or: waiting, running, interrupted, blocked (by a task it waits for), not_started, left_out. */
  readonly status: string;
  readonly clean: boolean;
  readonly applied: "yes" | "no" | "conflict";
}

/** How many files a task has changed; null: it may have written, and no one has looked. */
export function filesOf({ phase, now, result }: TaskState): number | null {
  const mayWrite = (phase === "running" || phase === "interrupted") && now?.sessionId !== null;
  return mayWrite ? null : result === null ? 0 : result.files;
}

interface Placed extends Placement {
  readonly state: PlacementState;
}

interface Failure {
  readonly kind: string;
  readonly message: string;
  readonly tasks: readonly string[];
}

/** What the journal says of a batch, now or in the end. */
export function outcomeOf(schedule: Schedule, signal: CancelSignal | null): BatchOutcome {
  const { begun, landed, checks, tokens, placements } = schedule;
  const tasks = endsOf(schedule);
  const { status, error } = endingOf(schedule, tasks, signal);
  const clean = tasks.filter((task) => task.clean).length;
  return {
    batchId: begun.batch_id,
    status,
    error,
    signal,
    tasks,
    clean,
    tokens,
    landed,
    checks,
    placed: [...placements.values()].map((one) => ({
      ...one,
      state: placementState(one, schedule.tasks.get(one.task)),
    })),
    failures: failuresOf(tasks, schedule),
  };
}

function endsOf(schedule: Schedule): readonly TaskEnd[] {
  const order = planOrder(schedule);
  const parts = new Set(together(order).map(({ task }) => task.id));
  const lost = new Set<string>();
  const ends = new Map<string, TaskEnd>();
  for (const state of order) {
    const { id, after } = state.task;
    const isOver = state.phase === "ended" || state.phase === "interrupted";
    const isLost = !counts(state) && (isOver || after.some((name) => lost.has(name)));
    if (isLost) lost.add(id);
    const behind = counts(state) && !parts.has(id);
    const status = state.phase === "waiting" ? (isLost ? "blocked" : waitingWord(schedule)) : wordOf(state);
    const applied = state.leftOut?.reason === "conflict" ? "conflict" : appliedOf(state, schedule, parts);
    ends.set(id, { id, state, status: behind ? "blocked" : status, clean: parts.has(id), applied });
  }
  return [...schedule.tasks.keys()].flatMap((id) => ends.get(id) ?? []);
}

function wordOf({ phase, result, leftOut }: TaskState): string {
  if (phase !== "ended") return phase;
  return leftOut === null ? (result?.status ?? "failed") : "left_out";
}

function waitingWord({ finished }: Schedule): string {
  return finished === null ? "waiting" : "not_started";
}

function appliedOf({ task, result }: TaskState, { begun, landed }: Schedule, parts: ReadonlySet<string>): "yes" | "no" {
  if (!begun.options.worktrees) return (result?.files ?? 0) > 0 ? "yes" : "no";
  return landed?.how === "applied" && parts.has(task.id) ? "yes" : "no";
}

interface Ending {
  readonly status: Status;
  readonly error: AskCodexError | null;
}

function endingOf(
  { stopped, landed, begun, spent }: Schedule,
  tasks: readonly TaskEnd[],
  signal: CancelSignal | null,
): Ending {
  if (signal !== null) return { status: "cancelled", error: null };
  if (stopped !== null) {
    const kind = stopped.kind in ERROR_KINDS ? (stopped.kind as ErrorKind) : "internal";
    return { status: ERROR_KINDS[kind].status, error: new AskCodexError(kind, stopped.message) };
  }
  const open = tasks.filter(({ clean }) => !clean);
  for (const status of ["contract_violation", "pending_question", "timeout"] as const)
    if (open.some((task) => task.status === status)) return { status, error: null };
  if (open.length > 0) {
    const message = `not clean: ${open.length} of ${counted(tasks.length, "task")} (${firstOf(open.map(({ id }) => id))})`;
    const kept = spent && open.some(({ state }) => state.phase === "waiting" && state.unmet === 0);
    if (!kept) return { status: "partial", error: new AskCodexError("batch_incomplete", message) };
    const hint = `Go on with --resume ${begun.batch_id} and a higher --max-tokens, or 0 for no limit.`;
    return {
      status: "partial",
      error: new AskCodexError("batch_incomplete", `${message}; --max-tokens is used up`, { hint }),
    };
  }
  const wanted = begun.options.worktrees && begun.options.merge !== "none";
  if (!wanted || (landed !== null && landed.how !== "refused")) return { status: "completed", error: null };
  return { status: "failed", error: new AskCodexError("not_applied", refusal(landed), { hint: branchHint(landed) }) };
}

function refusal(landed: PayloadOf<"batch_landed"> | null): string {
  const what = firstOf(landed?.what ?? []);
  switch (landed?.reason) {
    case "moved":
      return `the work tree is at another commit now: ${what}`;
    case "under_way":
      return `${what} is under way in the work tree`;
    case "dirty":
      return `edited since the batch began: ${what}`;
    case "blocked":
      return `something is in the way: ${what}`;
    case "unwritable":
      return `the work tree cannot be written: ${what}`;
    case "check_fails_before":
      return "--check fails on the commit that the tasks began with";
    default:
      return "the results were not brought together";
  }
}

function branchHint(landed: PayloadOf<"batch_landed"> | null): string {
  return landed?.branch == null
    ? "Go on with --resume."
    : `The result is on the branch ${landed.branch}: git merge ${landed.branch}`;
}

function failuresOf(tasks: readonly TaskEnd[], { placements }: Schedule): readonly Failure[] {
  const kinds = new Map<string, { message: string; tasks: string[] }>();
  for (const { id, clean, status, state } of tasks) {
    if (clean || ["waiting", "running", "not_started"].includes(status)) continue;
    const kind = status === "left_out" ? (state.leftOut?.reason ?? status) : (state.result?.error_kind ?? status);
    const known = kinds.get(kind) ?? { message: messageFor(status, state, placements), tasks: [] };
    known.tasks.push(id);
    kinds.set(kind, known);
  }
  return [...kinds].map(([kind, found]) => ({ kind, ...found }));
}

function messageFor(status: string, { result, leftOut, now }: TaskState, placements: Schedule["placements"]): string {
  if (leftOut !== null)
    return leftOut.reason === "culprit" ? "--check fails with this result" : `conflicts in ${firstOf(leftOut.files)}`;
  if (status === "interrupted") {
    const where = now?.worktree ?? "your work tree";
    if (now?.fault != null) return `what it changed could not be taken from ${where}: ${now.fault}`;
    const machine = placements.get(now?.runId ?? "")?.machine;
    if (machine !== undefined) return `it was killed at work on ${machine}: of its work at most ${where} is left`;
    return `it may have written before it was killed, in ${where}`;
  }
  if (status === "blocked") return "a task that it waits for is not clean";
  if (result !== null && result.outside.length > 0) return `changed outside of its files: ${firstOf(result.outside)}`;
  if (result !== null && result.missing.length > 0) return `no patch can hold ${firstOf(result.missing)}`;
  return result?.message ?? status;
}
