import type { Toolbox } from "../../codex/tools.ts";
import { AskCodexError } from "../../errors.ts";
import type { LeadingParts } from "../worker/context.ts";
import type { Leading } from "../worker/leading.ts";
import { answerCall } from "./answer-call.ts";
import { delegateFor } from "./delegate-to.ts";
import { runLed } from "./run-led.ts";
import { newOrchestration, type Orchestration } from "./task/orchestration.ts";
import { orchestratorTools } from "./tools.ts";

/** What makes the session of these parts an orchestration, for as long as its worker lives. */
export async function openLeading(parts: LeadingParts): Promise<Leading> {
  const options = parts.log.state.options.orchestration;
  if (options === null) throw new AskCodexError("internal", "the session is not an orchestration");
  const of = newOrchestration(parts, options, delegateFor(parts, options));
  return {
    toolbox: toolboxOf(of),
    run: (plan, context) => runLed(of, plan, context),
    live: () => of.underWay.live(),
    readWhen() {
      const tasks = of.underWay.tasks.join(", ");
      if (tasks !== "") return `when ${tasks} ends`;
      return parts.log.state.openRequests.length > 0 ? "when the question is answered" : null;
    },
  };
}

function toolboxOf(of: Orchestration): Toolbox {
  const open = new Set<Promise<unknown>>();
  return {
    tools: orchestratorTools(of.options.parallel),
    call(call, signal) {
      const answered = answerCall(of, call, signal);
      open.add(answered);
      return answered.finally(() => open.delete(answered));
    },
    // What an answer begins is answered by then too.
    rest: async () => void (await Promise.allSettled([...open])),
  };
}
