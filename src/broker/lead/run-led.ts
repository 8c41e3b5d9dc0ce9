import { join } from "node:path";
import type { AskContext } from "../../ask/model/context.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import { ownRole } from "../../ask/prompt/role.ts";
import { runToLastStep } from "../../ask/run/task.ts";
import { ALONE } from "../../codex/launch.ts";
import { UsageError } from "../../errors.ts";
import { boundsText, stateText } from "./frames.ts";
import { lastStepOf } from "./last-step.ts";
import type { Orchestration } from "./task/orchestration.ts";
import { TOOLS_VERSION } from "./tools.ts";

/** Runs one message of an orchestration: Codex leads in a read-only thread that works alone but for our tools. */
export async function runLed(of: Orchestration, plan: AskPlan, context: AskContext): Promise<AskOutcome> {
  const { parts, options, stopwatch, queue } = of;
  if (options.toolsVersion !== TOOLS_VERSION) throw new UsageError(OTHER_TOOLS, "Start a new one with what is left.");
  const begins = plan.target.type === "new";
  const frame = begins ? await instructions(of, context) : stateText(queue());
  const { leftQuestion } = queue();
  if (leftQuestion !== null)
    parts.log.record("person_asked", { task_id: null, question: leftQuestion, answer: plan.prompt });
  const led = { ...plan, config: [...plan.config, ...ALONE], role: { name: ROLE, frame, leads: true } };
  stopwatch.start();
  try {
    return await runToLastStep(led, context, lastStepOf(of));
  } finally {
    stopwatch.stop();
    parts.log.record("time_spent", { ms: stopwatch.ms });
  }
}

/** The name of the file that has the instructions, in the package's roles. */
const ROLE = "orchestrator";

async function instructions({ options }: Orchestration, { search }: AskContext): Promise<string> {
  const { frame } = await ownRole(ROLE, join(search.ownPackage, "roles"));
  return `${frame}\n\n${boundsText(options)}`;
}

const OTHER_TOOLS = "The orchestration was started by another version of ask-codex, whose tools its thread keeps.";
