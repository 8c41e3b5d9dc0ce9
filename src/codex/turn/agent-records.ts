import { inBatches } from "../../bounds/in-batches.ts";
import type { AppServer } from "../app-server.ts";
import { threadReadAnswer } from "../messages.ts";
import { type RolloutPart, readRollout } from "../rollout.ts";
import type { AgentWork } from "./outcome.ts";

/** A sub-agent's work with what Codex itself has recorded of it. */
export interface RecordedAgent extends AgentWork {
  /** The name that Codex gave it. */
  readonly name: string | null;
  readonly record: RolloutPart;
}

/** Looks up the records of sub-agents. What a server that is gone cannot say any more is left out. */
export async function recordedAgents(
  { connection }: AppServer,
  agents: readonly AgentWork[],
): Promise<readonly RecordedAgent[]> {
  return inBatches(agents, async (agent) => {
    const read = connection.request("thread/read", { threadId: agent.threadId }, threadReadAnswer);
    const thread = await read.then((answer) => answer.thread).catch(() => null);
    const record = await readRollout(thread?.path ?? null, 0);
    // A sub-agent may be made with all that was said before it, calls included.
    const calls = record.calls.filter(({ turnId }) => turnId !== null && agent.turn.ids.includes(turnId));
    return { ...agent, name: thread?.agentNickname ?? null, record: { ...record, calls } };
  });
}
