import type { DelegationProgress } from "../../../orchestrate/delegation/options.ts";
import type { DelegationRequest } from "../../../orchestrate/request/schema.ts";
import { oneLine } from "../../../text/defuse.ts";
import type { Orchestration } from "./orchestration.ts";

export interface Beginning {
  readonly id: string;
  readonly request: DelegationRequest;
  readonly workspace: string;
  readonly folder: string;
  readonly correction: boolean;
}

/** Journals how a delegation goes on, and shows what it is at. */
export function journaling(of: Orchestration, { id, request, workspace, folder, correction }: Beginning) {
  const { log, context } = of.parts;
  const { task_id, type } = request;
  let began = false;
  let executor: string | null = null;
  const progress = (event: DelegationProgress) => {
    switch (event.type) {
      case "began": {
        began = true;
        log.record("delegation_started", {
          ...{ delegation_id: id, task_id, type, correction, workspace, folder, state: context.state },
        });
        log.progress(`[codex] ${task_id}: began (${type}${correction ? ", a correction" : ""})`);
        of.underWay.note(id, task_id, {});
        void log.publish();
        return;
      }
      case "started":
        executor = event.executor;
        log.record("delegation_working", { delegation_id: id, executor, conversation: null });
        return of.underWay.note(id, task_id, { executor });
      case "conversation": {
        const conversation = event.conversation;
        log.record("delegation_working", { delegation_id: id, executor: executor ?? "", conversation });
        return;
      }
      case "action":
        log.progress(`[${executor ?? "executor"}] ${task_id}: ${oneLine(event.text, 120)}`);
        return of.underWay.note(id, task_id, { action: oneLine(event.text, 120) });
      case "checking":
        log.progress(`[codex] ${task_id}: checking: ${oneLine(event.command, 100)}`);
        return of.underWay.note(id, task_id, { action: `checking: ${oneLine(event.command, 100)}` });
      case "usage":
        return;
    }
  };
  return { progress, began: () => began };
}
