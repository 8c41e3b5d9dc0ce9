import type { TaskType } from "./schema.ts";

/** `change`: files in scope are changed. `look`: nothing is changed, words are the result. `run`: only commands are run. */
export type TaskKind = "change" | "look" | "run";

export function kindOf(type: TaskType): TaskKind {
  return KINDS[type];
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
