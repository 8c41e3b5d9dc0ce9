import type { Schedule } from "../../batch/schedule/schedule.ts";
import { counts } from "../../batch/schedule/task-state.ts";
import type { QueueLook } from "./look.ts";

/** How often the coordinator has offered a task, and how often because a worker was lost. */
export interface OfferCounts {
  readonly offered: number;
  readonly lost: number;
}

/** A coordinator's figures at one time. Of a queue that does not answer nothing is said. */
export function figuresOf(
  { begun, tasks, tokens }: Pick<Schedule, "begun" | "tasks" | "tokens">,
  look: QueueLook | null,
  offers: OfferCounts,
) {
  const all = [...tasks.values()];
  const inPhase = (wanted: string) => all.filter(({ phase }) => phase === wanted).length;
  const clean = all.filter(counts).length;
  const [running, waiting] = [inPhase("running"), inPhase("waiting")];
  const sum = (what: "busy" | "slots") => look?.workers.reduce((total, worker) => total + worker[what], 0) ?? null;
  const leased = (state: string) => look?.leases.filter((lease) => lease.state === state).length ?? null;
  return {
    batch: begun.batch_id,
    ...{ tasks: all.length, clean, running, waiting, not_clean: all.length - clean - running - waiting, tokens },
    ...{ workers: look?.workers.length ?? null, slots: sum("slots"), busy: sum("busy") },
    ...{ queued: leased("waiting"), leased: leased("running"), ...offers },
  };
}
