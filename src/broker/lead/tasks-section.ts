import type { Tokens } from "../../codex/messages.ts";
import type { FinishedDelegation, TaskQueue } from "../../orchestrate/queue/task.ts";
import { defuse, oneLine } from "../../text/defuse.ts";
import { code } from "../../text/markdown.ts";

/** The final report's part on what was handed on: tasks, verdicts, files, validation, and what was refused and undone. */
export function tasksSection(queue: TaskQueue, leader: Tokens | null): string {
  const { tasks, finished, refused } = queue;
  if (tasks.length === 0 && refused.length === 0)
    return "## Tasks\n\nNone: nothing was delegated, and an orchestration completes only with its tasks.\n";
  const undone = finished.filter((one) => one.undone.length > 0);
  return [
    "## Tasks",
    tasks
      .map(({ id, state, title, reason }) => {
        const own = finished.filter(({ task_id }) => task_id === id);
        const why = reason === null ? "" : ` (${oneLine(reason, 200)})`;
        return [`- ${code(id)} **${state}**${why}: ${oneLine(title, 200)}`, ...own.map(delegationLine)].join("\n");
      })
      .join("\n"),
    ...(refused.length === 0
      ? []
      : [
          "### Requests refused",
          refused
            .map(({ task_id, refusals }) => {
              const what = refusals.map((refusal) => oneLine(refusal.what, 200)).join(" ");
              return `- ${task_id === null ? "(no task_id)" : code(task_id)}: ${what}`;
            })
            .join("\n"),
        ]),
    ...(undone.length === 0
      ? []
      : [
          "### Undone",
          undone
            .map(({ task_id, undone: paths, bring_back }) => {
              return `- ${code(task_id)}: ${paths.map(code).join(", ")}${bring_back === null ? "" : `; back with ${code(bring_back)}`}`;
            })
            .join("\n"),
        ]),
    costLine(queue, leader),
  ]
    .join("\n\n")
    .concat("\n");
}

function delegationLine(outcome: FinishedDelegation): string {
  const { verdict, executor, files, validation, elapsed_ms, error, report, commit, meanwhile } = outcome;
  const checks = validation.map(({ command, passed }) => `${code(command)} ${passed ? "passed" : "failed"}`);
  const parts = [
    `${verdict} by ${executor ?? "no executor"} in ${Math.round(elapsed_ms / 1000)} s`,
    ...(files.length > 0 ? [files.map(code).join(", ")] : []),
    ...checks,
    ...(commit === null ? [] : [`commit ${code(commit)}`]),
    ...(meanwhile.length === 0 ? [] : [`changed by others and kept: ${meanwhile.map(code).join(", ")}`]),
    ...(error === null ? [] : [oneLine(error, 200)]),
    ...(report === null ? [] : [`evidence: ${code(report)}`]),
  ];
  return `  - ${defuse(parts.join("; "))}`;
}

/** The tokens of both sides; no program says what a subscription really costs. */
function costLine({ finished, spentUsd }: TaskQueue, leader: Tokens | null): string {
  const input = finished.reduce((sum, { input_tokens }) => sum + input_tokens, 0);
  const output = finished.reduce((sum, { output_tokens }) => sum + output_tokens, 0);
  const led = leader === null ? "unknown" : `${leader.inputTokens} in, ${leader.outputTokens} out`;
  return `Tokens: Codex ${led} in this run; executors ${input} in, ${output} out in all, $${spentUsd.toFixed(4)} at list prices (what an account pays may differ).`;
}
