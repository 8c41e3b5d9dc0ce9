import type { OrchestrationOptions } from "../../orchestrate/queue/options.ts";
import type { TaskQueue } from "../../orchestrate/queue/task.ts";
import { MOST_FILES } from "../../orchestrate/request/bounds.ts";
import { oneLine } from "../../text/defuse.ts";

/** What the person allows, for the model that leads. */
export function boundsText(options: OrchestrationOptions): string {
  const { maxTasks, parallel, budgetMinutes, budgetUsd, executor, scope, forbid, validation, bulkFiles } = options;
  return [
    "What the person who started this allows; a request may only ask for less:",
    `- ${maxTasks} tasks in all, ${parallel} at the same time${budgetMinutes > 0 ? `, ${budgetMinutes} minutes of work` : ""}${budgetUsd === null ? "" : `, ${budgetUsd} US dollars at list prices`}.`,
    `- ${MOST_FILES} files in the scope of a request; ${bulkFiles} where its type is bulk.`,
    `- Executor, where a request names none: ${executor}.`,
    `- Scope: ${listed(scope) || "the work tree, without .git, agents' settings, CI files and the policy"}.`,
    ...(forbid.length > 0 ? [`- Never: ${listed(forbid)}.`] : []),
    validation.length > 0
      ? `- Validation commands that run without a sandbox: ${listed(validation)}. Any other runs in Codex's sandbox, without network.`
      : "- Validation commands run in Codex's sandbox, without network.",
    ...(options.dryRun ? ["- This is a dry run: requests are checked, and nothing is started. Plan all of it."] : []),
  ].join("\n");
}

/** Where an orchestration stands when another message comes; what was interrupted is named. */
export function stateText({ tasks, finished, leftQuestion }: TaskQueue): string {
  const lines = tasks.map(({ id, state, title }) => `- ${id}: ${state}: ${oneLine(title, 100)}`);
  const interrupted = tasks.flatMap(({ id, state }) => {
    const last = finished.findLast(({ task_id }) => task_id === id);
    return state !== "interrupted" || last === undefined
      ? []
      : [
          `${id} was interrupted. ${last.notes} ${last.files.length > 0 ? `Changed: ${last.files.slice(0, 20).join(", ")}.` : ""}`,
        ];
  });
  return [
    "The queue as it is now:",
    ...(lines.length === 0 ? ["- empty"] : lines),
    ...interrupted,
    ...(leftQuestion === null
      ? []
      : [`You asked the person: ${leftQuestion}\nThe message that follows is the answer.`]),
  ].join("\n");
}

function listed(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}
