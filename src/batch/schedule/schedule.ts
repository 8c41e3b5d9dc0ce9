import { unreachable } from "../../errors.ts";
import type { BatchEvent, PayloadOf } from "./event.ts";
import type { Placement } from "./placement.ts";
import { counts, endTask, goOnTask, type TaskState, waitingTask } from "./task-state.ts";

/** A batch as its journal has it. What may start follows from the events alone, at any time. */
export interface Schedule {
  readonly begun: PayloadOf<"batch_started">;
  readonly startedAt: string;
  /** In the order of the plan. */
  readonly tasks: ReadonlyMap<string, TaskState>;
  /** Tries on other machines, by their run. */
  readonly placements: ReadonlyMap<string, Placement>;
  /** As many at once, after rate limits. */
  readonly parallel: number;
  readonly tokens: number;
  /** As many tokens as may be used were used. */
  readonly spent: boolean;
  readonly stopped: PayloadOf<"batch_stopped"> | null;
  readonly landing: PayloadOf<"landing_started"> | null;
  readonly landed: PayloadOf<"batch_landed"> | null;
  readonly checks: readonly PayloadOf<"check_finished">[];
  readonly finished: PayloadOf<"batch_finished"> | null;
  apply(event: BatchEvent): void;
  /** What may start now, in the order of the plan; `busy` are about to. */
  next(busy?: ReadonlySet<string>): readonly string[];
}

/** Each event costs what it changes, so a whole journal costs its length. */
export function newSchedule(begun: PayloadOf<"batch_started">, startedAt: string): Schedule {
  const tasks = new Map(begun.tasks.map((task) => [task.id, waitingTask(task)]));
  const places = new Map([...tasks.keys()].map((id, at) => [id, at]));
  const dependants = new Map<string, string[]>([...tasks.keys()].map((id) => [id, []]));
  for (const { id, after } of begun.tasks) for (const name of after) dependants.get(name)?.push(id);
  // Waiting, with nothing left to wait for; sorted by their place in the plan.
  const ready = begun.tasks.filter(({ after }) => after.length === 0).map(({ id }) => id);
  const { failFast } = begun.options;
  let { maxTokens, parallel: limit } = begun.options;
  let atMost = Number.POSITIVE_INFINITY;
  let running = 0;
  let failures = 0;
  const self = {
    begun,
    startedAt,
    tasks,
    placements: new Map<string, Placement>(),
    get parallel() {
      return Math.min(limit, atMost);
    },
    tokens: 0,
    get spent() {
      return maxTokens !== null && self.tokens >= maxTokens;
    },
    stopped: null as Schedule["stopped"],
    landing: null as Schedule["landing"],
    landed: null as Schedule["landed"],
    checks: [] as PayloadOf<"check_finished">[],
    finished: null as Schedule["finished"],
    next(busy: ReadonlySet<string> = new Set()): readonly string[] {
      if (self.stopped !== null || self.spent || (failFast && failures > 0)) return [];
      const free = self.parallel - running - busy.size;
      const found: string[] = [];
      for (const id of ready) {
        if (found.length >= free) break;
        if (!busy.has(id)) found.push(id);
      }
      return found;
    },
    apply,
  };
  return self;

  /** Changes a task, and what follows from that for those that wait for it and for what is ready. */
  function change(id: string, how: (task: TaskState) => void): void {
    const task = tasks.get(id);
    if (task === undefined) return;
    const [was, ran] = [counts(task), task.phase === "running"];
    how(task);
    running += Number(task.phase === "running") - Number(ran);
    update(id, task);
    if (was === counts(task)) return;
    for (const name of dependants.get(id) ?? []) {
      const other = tasks.get(name);
      if (other === undefined) continue;
      other.unmet += was ? 1 : -1;
      update(name, other);
    }
  }

  function update(id: string, { phase, unmet }: TaskState): void {
    const [wanted, at] = [phase === "waiting" && unmet === 0, position(id)];
    const there = ready[at] === id;
    if (wanted && !there) ready.splice(at, 0, id);
    if (!wanted && there) ready.splice(at, 1);
  }

  /** Where it is among the ready ones, or would be. */
  function position(id: string): number {
    const place = places.get(id) ?? 0;
    let [low, high] = [0, ready.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places.get(ready[middle] ?? "") ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function apply(event: BatchEvent): void {
    switch (event.type) {
      case "batch_started":
        return;
      case "batch_resumed":
        self.stopped = null;
        self.finished = null;
        failures = 0;
        atMost = event.payload.at_most ?? Number.POSITIVE_INFINITY;
        if (event.payload.max_tokens !== undefined) maxTokens = event.payload.max_tokens;
        // What is not in the user's tree can be brought together anew, with more.
        if (self.landed !== null && self.landed.how !== "applied") [self.landed, self.landing] = [null, null];
        for (const id of tasks.keys()) change(id, goOnTask);
        return;
      case "task_retried":
        return change(event.payload.id, (task) =>
          Object.assign(task, { ...waitingTask(task.task), unmet: task.unmet }),
        );
      case "task_started": {
        const { run_id: runId, slot, worktree } = event.payload;
        return change(event.payload.id, (task) => {
          task.phase = "running";
          task.tries += 1;
          task.now = { runId, slot, worktree, sessionId: null, fault: null };
        });
      }
      case "task_working": {
        const { id, session_id: sessionId } = event.payload;
        return change(id, (task) => {
          if (task.now !== null) task.now = { ...task.now, sessionId };
        });
      }
      case "task_placed": {
        const { id: task, run_id: runId, machine } = event.payload;
        self.placements.set(runId, { task, runId, machine, left: undefined });
        return;
      }
      case "machine_ended": {
        const placement = self.placements.get(event.payload.run_id);
        if (placement !== undefined) placement.left = event.payload.left;
        return;
      }
      case "task_finished": {
        const { id, result } = event.payload;
        self.tokens += result.tokens ?? 0;
        change(id, (task) => endTask(task, result));
        const task = tasks.get(id);
        if (task !== undefined && !counts(task)) failures += 1;
        return;
      }
      case "task_requeued": {
        const { id, tokens, elsewhere = false } = event.payload;
        self.tokens += tokens ?? 0;
        if (!elsewhere) limit = Math.max(1, Math.floor(self.parallel / 2));
        return change(id, (task) =>
          Object.assign(task, { phase: "waiting", now: null, requeued: task.requeued + Number(!elsewhere) }),
        );
      }
      case "task_returned": {
        const { id, on, files } = event.payload;
        return change(id, (task) => Object.assign(task, { phase: "waiting", returned: { on, files } }));
      }
      case "task_left_out": {
        const { id, ...leftOut } = event.payload;
        return change(id, (task) => Object.assign(task, { leftOut }));
      }
      case "batch_stopped":
        self.stopped ??= event.payload;
        return;
      case "check_finished":
        self.checks.push(event.payload);
        return;
      case "landing_started":
        self.landing = event.payload;
        return;
      case "batch_landed":
        self.landed = event.payload;
        return;
      case "batch_finished":
        self.finished = event.payload;
        return;
      default:
        unreachable(event);
    }
  }
}
