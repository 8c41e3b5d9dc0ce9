import type { LastStep } from "../../ask/model/last-step.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import { asItIs } from "../../ask/run/record.ts";
import { AskCodexError } from "../../errors.ts";
import { statusOfQueue } from "../../orchestrate/queue/status.ts";
import type { TaskQueue } from "../../orchestrate/queue/task.ts";
import { viewOf } from "../../orchestrate/queue/view.ts";
import type { Orchestration } from "./task/orchestration.ts";
import { tasksSection } from "./tasks-section.ts";

/** How the run of an orchestration ends: Codex's word for it counts for nothing, the queue decides. */
export function lastStepOf({ queue }: Orchestration): LastStep<AskOutcome> {
  return {
    ...asItIs,
    take: async (run) => (run.status === "completed" ? judged(run, queue()) : run),
    // Delegations that are under way may still change how it ends.
    early: (run) => (run.status === "completed" ? null : run),
    toRecord(run) {
      const record = asItIs.toRecord(run);
      return {
        ...record,
        report: `${record.report.trimEnd()}\n\n${tasksSection(queue(), run.tokens)}`,
        result: { ...record.result, orchestration: { ...viewOf(queue()), delegations: queue().finished } },
      };
    },
  };
}

function judged(run: AskOutcome, queue: TaskQueue): AskOutcome {
  const error = queue.tasks.length === 0 ? new AskCodexError("no_tasks", "Codex handed on no task") : run.error;
  return { ...run, status: statusOfQueue(queue), error };
}
