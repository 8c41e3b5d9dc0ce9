import { join } from "node:path";
import type { OrchestrationOptions } from "../../../orchestrate/queue/options.ts";
import type { TaskQueue } from "../../../orchestrate/queue/task.ts";
import type { LeadingParts } from "../../worker/context.ts";
import type { Delegate } from "./delegate.ts";
import { Slots } from "./slots.ts";
import { Stopwatch } from "./stopwatch.ts";
import { UnderWay } from "./under-way.ts";

/** What the calls of an orchestration share: one a worker. */
export interface Orchestration {
  readonly parts: LeadingParts;
  readonly options: OrchestrationOptions;
  readonly delegate: Delegate;
  /** The places of the tasks that may work at the same time. */
  readonly slots: Slots;
  /** The user's work tree, where delegations work at the same time: one call has it. */
  readonly tree: Slots;
  readonly stopwatch: Stopwatch;
  readonly underWay: UnderWay;
  /** As the journal has it. */
  queue(): TaskQueue;
}

export function newOrchestration(
  parts: LeadingParts,
  options: OrchestrationOptions,
  delegate: Delegate,
): Orchestration {
  const { log } = parts;
  return {
    ...{ parts, options, delegate },
    slots: new Slots(options.parallel),
    tree: new Slots(1),
    stopwatch: new Stopwatch(log.state.tasks.spentMs),
    underWay: new UnderWay(parts.changed),
    queue: () => log.state.tasks,
  };
}

/** The folder of one delegation, with the evidence of it. */
export function delegationFolder({ parts }: Orchestration, id: string): string {
  return join(parts.paths.folder, "delegations", id);
}
