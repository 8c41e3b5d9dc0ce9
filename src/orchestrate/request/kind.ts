import type { DelegationRequest, ExecutorName, TaskType } from "./schema.ts";

/** `change`: files in scope are changed. `look`: nothing is changed, words are the result. `run`: only commands are run. */
export type TaskKind = "change" | "look" | "run";

export function kindOf(type: TaskType): TaskKind {
  return KINDS[type];
}

/** Who does a task, where `usual` does those that name no one; null: no executor works, commands are run. */
export function executorOf(
  { type, executor }: Pick<DelegationRequest, "type" | "executor">,
  usual: ExecutorName,
): ExecutorName | null {
  if (kindOf(type) === "run") return null;
  return type === "bulk" ? "codex" : (executor ?? usual);
}

const KINDS: Readonly<Record<TaskType, TaskKind>> = {
  implementation: "change",
  bugfix: "change",
  bulk: "change",
  research: "look",
  analysis: "look",
  debug: "look",
  review: "look",
  validation: "run",
};
