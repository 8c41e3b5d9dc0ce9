import type { ToolCall, ToolReply } from "../../codex/tools.ts";
import { AskCodexError, messageOf } from "../../errors.ts";
import { askPerson } from "./ask-person.ts";
import { delegateTasks } from "./delegate-tasks.ts";
import { editTasks } from "./edit-tasks.ts";
import type { Orchestration } from "./task/orchestration.ts";
import { faultReply } from "./task/reply.ts";
import { DELEGATE, PERSON, QUEUE } from "./tools.ts";

/** Answers a call of one of our tools. Never rejects: what fails is said to the model, and to the log. */
export async function answerCall(of: Orchestration, call: ToolCall, signal: AbortSignal): Promise<ToolReply> {
  try {
    return await answer(of, call, signal);
  } catch (error) {
    if (signal.aborted) return faultReply([{ what: "The call was cancelled.", change: "Nothing." }]);
    const hint = error instanceof AskCodexError ? error.hint : "Ask the person.";
    of.parts.log.progress(`[ERROR] ${call.tool}: ${messageOf(error)}`);
    return faultReply([{ what: messageOf(error), change: hint }]);
  }
}

function answer(
  of: Orchestration,
  { tool, callId, arguments: given }: ToolCall,
  signal: AbortSignal,
): Promise<ToolReply> {
  switch (tool) {
    case DELEGATE:
      return delegateTasks(of, given, signal);
    case QUEUE:
      return editTasks(of, given);
    case PERSON:
      return askPerson(of, { callId, given, signal });
    default:
      throw new AskCodexError("internal", `there is no tool ${tool}`);
  }
}
