import { nearest } from "../../text/nearest.ts";
import { type Fault, fault } from "./fault.ts";

/** What the order of a plan is made from. */
export interface Node {
  readonly id: string;
  readonly after: readonly string[];
}

/** Ids that are there twice, names that no task has, and cycles. */
export function graphFaults(tasks: readonly Node[]): readonly Fault[] {
  const ids = new Set<string>();
  const faults: Fault[] = [];
  for (const { id } of tasks) {
    if (ids.has(id)) faults.push(fault(id, `Two tasks are called ${id}`, "Give each an id of its own."));
    ids.add(id);
  }
  for (const { id, after } of tasks) {
    for (const name of after.filter((one) => !ids.has(one))) {
      const meant = nearest(name, [...ids]);
      const question = meant.length === 0 ? "" : ` (Did you mean ${meant.slice(0, 3).join(" or ")}?)`;
      faults.push(fault(id, `after names ${name}, and no task is called so${question}`, "Name a task of this plan."));
    }
  }
  const cycle = cycleIn(tasks);
  if (cycle !== null)
    faults.push(
      fault(
        cycle[0] ?? null,
        `These tasks wait for one another: ${cycle.join(" → ")}`,
        "Take one of these out of after.",
      ),
    );
  return faults;
}

/** The tasks in the order of the plan, each behind those it waits for. Without a cycle. */
export function inOrder<Task extends Node>(tasks: readonly Task[]): readonly Task[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const done = new Set<string>();
  const ordered: Task[] = [];
  for (const first of tasks) {
    const stack = [first];
    for (let task = stack.at(-1); task !== undefined; task = stack.at(-1)) {
      const waiting = task.after.map((name) => byId.get(name)).find((one) => one !== undefined && !done.has(one.id));
      if (waiting !== undefined && !done.has(task.id)) {
        stack.push(waiting);
        continue;
      }
      stack.pop();
      if (done.has(task.id)) continue;
      done.add(task.id);
      ordered.push(task);
    }
  }
  return ordered;
}

/** For each task all that it waits for, directly or not. Without a cycle. */
export function ancestors(tasks: readonly Node[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const { id, after } of inOrder(tasks)) {
    known.set(id, new Set(after.flatMap((name) => [name, ...(known.get(name) ?? [])])));
  }
  return known;
}

/** The ids of one cycle, the first one again at its end; null: there is none. */
function cycleIn(tasks: readonly Node[]): readonly string[] | null {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const done = new Set<string>();
  for (const { id: start } of tasks) {
    const trail: { readonly id: string; next: number }[] = [{ id: start, next: 0 }];
    while (!done.has(start)) {
      const top = trail.at(-1);
      if (top === undefined) break;
      const name = byId.get(top.id)?.after[top.next++];
      if (name === undefined) {
        done.add(top.id);
        trail.pop();
        continue;
      }
      const at = trail.findIndex(({ id }) => id === name);
      if (at !== -1) return [...trail.slice(at).map(({ id }) => id), name];
      if (byId.has(name) && !done.has(name)) trail.push({ id: name, next: 0 });
    }
  }
  return null;
}
