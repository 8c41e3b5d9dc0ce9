import type { Conflict } from "../../workspace/worktree/bring-together/conflict.ts";
import { inOrder } from "../plan/graph.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { TaskState } from "../schedule/task-state.ts";
import type { Bench } from "./bench.ts";

/** A commit that a task can begin with, or whose result must first be brought in line with what came before it. */
export type Base =
  | { readonly type: "commit"; readonly commit: string }
  | { readonly type: "conflict"; readonly id: string; readonly on: string; readonly files: readonly Conflict[] };

/** The recorded base with the results of all that a task waits for; on a second try, what it conflicted with. */
export async function baseFor({ task, returned }: TaskState, schedule: Schedule, bench: Bench): Promise<Base> {
  const { base } = schedule.begun;
  if (returned !== null) return { type: "commit", commit: returned.on };
  if (task.after.length === 0 || !schedule.begun.options.worktrees) return { type: "commit", commit: base };
  const { commit, conflicts } = await bench.combined(base, before(task.after, schedule));
  const [first] = conflicts;
  return first === undefined ? { type: "commit", commit } : { type: "conflict", ...first, on: commit };
}

/** The tasks of a batch in the order in which their results are brought together. */
export function planOrder({ begun, tasks }: Schedule): readonly TaskState[] {
  return inOrder(begun.tasks).flatMap(({ id }) => tasks.get(id) ?? []);
}

/** These tasks and all that they wait for, in that order. */
function before(names: readonly string[], schedule: Schedule): readonly TaskState[] {
  const wanted = new Set(names);
  for (const name of wanted) for (const more of schedule.tasks.get(name)?.task.after ?? []) wanted.add(more);
  return planOrder(schedule).filter(({ task }) => wanted.has(task.id));
}
