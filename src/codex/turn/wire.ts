import { turnParams } from "../settings.ts";
import type { TurnRequest, UserInput } from "./outcome.ts";

/** What `turn/start` is sent. */
export function startParams({ threadId, input, settings, effortBefore, outputSchema, environment }: TurnRequest) {
  const schema = outputSchema === undefined ? {} : { outputSchema };
  return {
    threadId,
    input: toWire(input),
    ...turnParams(settings, effortBefore),
    ...environment?.turn,
    ...schema,
  };
}

/** What `turn/steer` is sent: a message for the running turn. */
export function steerParams(threadId: string, expectedTurnId: string, text: string) {
  return { threadId, expectedTurnId, input: toWire([{ type: "text", text }]) };
}

function toWire(input: readonly UserInput[]) {
  return input.map((part) => (part.type === "text" ? { ...part, text_elements: [] } : part));
}
