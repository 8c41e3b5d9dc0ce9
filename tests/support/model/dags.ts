import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import type { World } from "../world.ts";

interface Node {
  readonly id: string;
  readonly after: readonly string[];
}

/** A DAG of this many tasks: each waits for up to three before it. */
export const dags = (size: number): fc.Arbitrary<readonly Node[]> =>
  fc
    .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size })
    .map((picks) =>
      picks.map((pick, at) => ({ id: `t${at}`, after: [...new Set(at === 0 ? [] : pick.map((n) => `t${n % at}`))] })),
    );

/** The task of a plan: its file gets the names of all that it is built on, so one that began too early would lack some. */
export function dagTask({ id, after }: Node) {
  const before = after.map((name) => `${name}.txt`).join(" ");
  const files = [`${id}.txt`];
  return { id, after, files, prompt: `RUN: cat /dev/null ${before} | sort -u > ${id}.txt && echo ${id} >> ${id}.txt` };
}

/** Each of these tasks' files in the work tree has what its own and all tasks before it wrote, and nothing else. */
export function expectFiles(world: World, graph: readonly Node[], ids: readonly string[]): void {
  const wanted = new Map<string, ReadonlySet<string>>();
  for (const { id, after } of graph)
    wanted.set(id, new Set([id, ...after.flatMap((name) => [...(wanted.get(name) ?? [])])]));
  for (const id of ids) {
    const lines = readFileSync(join(world.workspace, `${id}.txt`), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.toSorted()).toEqual([...(wanted.get(id) ?? [])].toSorted());
  }
}

export interface JournalEvent {
  readonly type: string;
  readonly payload: { readonly id: string; readonly slot: number };
}

/** The journal of the one batch of a state folder, as far as its lines are whole. */
export function readEvents(state: string): readonly JournalEvent[] {
  const [id = ""] = readdirSync(join(state, "batches"));
  const lines = readFileSync(join(state, "batches", id, "events.jsonl"), "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

/** An independent look: nothing began before what it waits for had ended, no slot was used twice at once, never too many ran. */
export function expectOrder(events: readonly JournalEvent[], graph: readonly Node[], parallel: number): void {
  const ended = new Set<string>();
  const slots = new Map<string, number>();
  for (const { type, payload } of events) {
    if (type === "task_started") {
      const { after = [] } = graph.find(({ id }) => id === payload.id) ?? {};
      expect(after.filter((name) => !ended.has(name))).toEqual([]);
      expect([...slots.values()]).not.toContain(payload.slot);
      slots.set(payload.id, payload.slot);
      expect(slots.size).toBeLessThanOrEqual(parallel);
    } else if (type === "task_finished") {
      expect(ended.has(payload.id)).toBe(false);
      ended.add(payload.id);
      slots.delete(payload.id);
    } else if (type === "batch_resumed") slots.clear();
  }
}
