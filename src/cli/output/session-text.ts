import type { Inspected } from "../../broker/command/inspect-session.ts";
import { choicesText } from "../../text/choices.ts";
import { escapeValue, oneLine } from "../../text/defuse.ts";
import { taskLines } from "./task-lines.ts";

/** A session in `key=value` lines: the original's first, in their order and also when empty; ours only when there is something to say. */
export function sessionText({ state, worker, live }: Inspected): string {
  const original: readonly (readonly [string, string | number | null])[] = [
    ["broker_id", state.broker_id],
    ["status", state.status],
    ["session_id", state.session_id],
    ["pending_count", state.pending_count],
    ["last_run_status", state.last_run_status],
    ["last_exit_code", state.last_exit_code],
    ["current_run_dir", state.current_run_dir],
    ["last_output_path", state.last_output_path],
    ["updated_at", state.updated_at],
  ];
  const ours: readonly (readonly [string, string | number | null])[] = [
    ["name", state.name],
    ["worker", worker],
    ["phase", live?.phase ?? null],
    ["last_event", live?.last_event ?? null],
    ["last_event_age", live?.last_event_age == null ? null : `${live.last_event_age}s`],
    ["running_command", live?.running_command == null ? null : oneLine(live.running_command, 200)],
    ["tokens", live?.tokens ?? null],
    ["error_kind", state.error_kind],
    ["queue_held", state.queue_held && state.pending_count > 0 ? "true" : null],
    ["resume_with", state.queue_held && state.pending_count > 0 ? state.resume_with : null],
    ["worktree", state.worktree],
    ["open_tasks", state.orchestration?.open_tasks ?? null],
    ["executor_tokens", state.orchestration?.executor_tokens ?? null],
    ["list_price_usd", state.orchestration?.list_price_usd ?? null],
    ...taskLines(state, live).map((task) => ["task", task] as const),
  ];
  const line = ([key, value]: readonly [string, string | number | null]) =>
    `${key}=${escapeValue(String(value ?? ""))}\n`;
  return [...original.map(line), ...ours.filter(([, value]) => value !== null).map(line), ...asked(state)].join("");
}

// What a person reads, or a model; with ten thousand sessions the rest would cost seconds and hundreds of megabytes.
export const MOST_LISTED = 50;

/** What is said of those that are not listed. */
export function moreText(more: number, all: boolean): string {
  const which = more === 1 ? "1 older session is" : `${more} older sessions are`;
  const whose = all ? "" : " (some from other work trees)";
  return `[codex] ${which} not shown${whose}. codex_broker clean removes old ones.\n`;
}

/** What is said where there is none to list. `list`: what lists those elsewhere, if there are any; `start`: what begins one. */
export function noneText({ list, start }: { readonly list: string | null; readonly start: string }): string {
  return list === null
    ? `[codex] No session yet: ${start} begins one.\n`
    : `[codex] No session of this work tree; ${list} lists the others.\n`;
}

/** A session in one line of a listing. */
export function sessionLine({ state, worker, live }: Inspected): string {
  const { broker_id, name, status: word, last_run_status, pending_count, updated_at, started_in } = state;
  const doing = live?.running_command ?? live?.phase ?? "-";
  const fields = [
    broker_id,
    name === null ? "-" : `@${name}`,
    word,
    last_run_status,
    pending_count,
    worker,
    doing,
    updated_at,
    started_in,
  ];
  return `${fields.map((field) => escapeValue(String(field))).join("\t")}\n`;
}

/** The last lines of progress, under the original's heading; empty when there are none. */
export function progressText({ latest_progress }: Inspected["state"]): string {
  if (latest_progress === "") return "";
  const lines = latest_progress.split("\n").map((line) => `${escapeValue(line)}\n`);
  return `--- recent_progress ---\n${lines.join("")}`;
}

/** What the session waits for someone to say: one line each. Codex's words are data: they cannot look like lines of ours. */
function asked({ open_requests, questions }: Inspected["state"]): readonly string[] {
  const open = open_requests.flatMap((request) => {
    if (request.type === "approval")
      return [
        `approval=${escapeValue(oneLine(request.what, 300))}${request.reason === "" ? "" : ` (${escapeValue(oneLine(request.reason, 200))})`}\n`,
      ];
    return request.questions.flatMap(({ id, question, options }) => {
      const choices = choicesText(options.map(({ label }) => label));
      return id in request.answers
        ? []
        : [`question=${escapeValue(oneLine(id, 60))}: ${escapeValue(oneLine(question, 300) + choices)}\n`];
    });
  });
  const closing =
    open.length > 0 ? [] : questions.map((question) => `question=closing: ${escapeValue(oneLine(question, 300))}\n`);
  return [...open, ...closing];
}
