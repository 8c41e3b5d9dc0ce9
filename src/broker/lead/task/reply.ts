import { MOST_REPLY, type ToolReply } from "../../../codex/tools.ts";
import type { Hindrance } from "../../../orchestrate/queue/may-delegate.ts";
import { openTasks } from "../../../orchestrate/queue/status.ts";
import type { FinishedDelegation, TaskQueue } from "../../../orchestrate/queue/task.ts";
import { defuse, oneLine } from "../../../text/defuse.ts";

/** What the model gets to read of one task; the verdict comes first. */
export type TaskReply = Readonly<Record<string, unknown>> & { readonly verdict: string };

/** A request that was not carried out, and what to change in it. */
export function refusedReply(taskId: string | null, refusals: readonly Hindrance[]): TaskReply {
  return { verdict: "refused", task_id: taskId, started: false, refusals };
}

/** What a delegation came to, in the response format of tasks. */
export function verdictReply(outcome: FinishedDelegation, room: number): TaskReply {
  const { verdict, validation, findings, undone, meanwhile, conflict, ...rest } = outcome;
  // Most of the room is for words: paths and figures are short.
  const few = <T>(list: readonly T[]) => list.slice(0, MOST_LISTED);
  return {
    verdict,
    task_id: rest.task_id,
    status: verdict === "completed" ? "completed" : "not completed",
    changes: {
      files_modified: few(rest.files),
      ...(rest.files.length > MOST_LISTED && { files_in_all: rest.files.length }),
      lines_changed: rest.lines_changed,
      tests_passed: validation.length === 0 ? null : validation.every(({ passed }) => passed),
      validation: Object.fromEntries(
        few(validation).map(({ command, passed }) => [command, passed ? "passed" : "failed"]),
      ),
    },
    ...(rest.error !== null && { error: oneLine(rest.error, 300), error_kind: rest.error_kind }),
    ...(findings.length > 0 && { findings: few(findings).map((finding) => oneLine(finding, 300)) }),
    ...(conflict.length > 0 && { did_not_merge: few(conflict) }),
    ...(undone.length > 0 && { undone: few(undone) }),
    ...(meanwhile.length > 0 && { changed_by_others_and_kept: few(meanwhile) }),
    ...(rest.commit !== null && { commit: rest.commit }),
    notes: cut(defuse(rest.notes), Math.max(200, Math.floor(room / 2))),
    ...(rest.report !== null && { evidence: rest.report }),
  };
}

const MOST_LISTED = 12;

/** One text out of the replies to all tasks of a call, none of them cut in the middle as long as there is room. */
export function delegateReply(replies: readonly ((room: number) => TaskReply)[], queue: TaskQueue): ToolReply {
  const left = queueLine(queue);
  const room = Math.floor((MOST_REPLY - left.length - 100) / Math.max(1, replies.length));
  const told = replies.map((reply) => reply(room));
  const success = told.every(({ verdict }) => verdict === "completed" || verdict === "planned");
  const texts = told.map((reply) => cut(JSON.stringify(reply), room));
  return { success, text: `${texts.length === 1 ? texts[0] : `[${texts.join(",\n")}]`}\n${left}` };
}

/** The queue, a line a task: what `task_queue` answers with. */
export function queueReply(queue: TaskQueue): ToolReply {
  const lines = queue.tasks.map(({ id, title, state, verdict, reason }) => {
    const more = [verdict === state ? null : verdict, reason].filter((part) => part !== null).join("; ");
    return `${id}: ${state}${more === "" ? "" : ` (${oneLine(more, 120)})`}: ${oneLine(title, 120)}`;
  });
  return { success: true, text: cut([queueLine(queue), ...lines].join("\n"), MOST_REPLY) };
}

export function faultReply(faults: readonly Hindrance[]): ToolReply {
  return { success: false, text: JSON.stringify({ verdict: "refused", refusals: faults }) };
}

function queueLine(queue: TaskQueue): string {
  const open = openTasks(queue).map(({ id, state }) => (state === "queued" ? id : `${id} (${state})`));
  if (queue.tasks.length === 0) return "The queue is empty.";
  return open.length === 0 ? "Every task of the queue is done." : `Open tasks: ${cut(open.join(", "), 500)}`;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
