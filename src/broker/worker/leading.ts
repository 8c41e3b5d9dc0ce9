import type { AskContext } from "../../ask/model/context.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import type { Toolbox } from "../../codex/tools.ts";
import type { Live } from "../socket/protocol.ts";

/** What makes a session an orchestration: Codex leads, and what it hands on is done by the tools that it was given. */
export interface Leading {
  readonly toolbox: Toolbox;
  /** Runs a message like any task; how it ends is for the queue to say. */
  run(plan: AskPlan, context: AskContext): Promise<AskOutcome>;
  /** What is being worked on right now. */
  live(): Live["delegations"];
  /** When a message that is put into the turn is read, if not at once. */
  readWhen(): string | null;
}
