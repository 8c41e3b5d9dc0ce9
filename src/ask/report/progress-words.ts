import { activityOf } from "../../codex/command-run.ts";
import type { Turn } from "../../codex/fold-turn.ts";
import type { ClockEvent } from "../../codex/turn/clocks.ts";
import type { TurnEvent } from "../../codex/turn-event.ts";
import { oneLine } from "../../text/defuse.ts";
import type { CheckResult } from "../model/checks.ts";

/** An event in one line; null for most. */
export function progressLine(event: TurnEvent, turn: Turn): string | null {
  switch (event.type) {
    case "agent":
    case "item_started": {
      const begun = begunBy(event);
      return begun === null ? null : `> ${begun}`;
    }
    case "item_completed": {
      if (event.item.type !== "agentMessage") return null;
      const [first = ""] = (turn.messages.at(-1)?.text ?? "").trimStart().split("\n", 1);
      return first === "" ? null : oneLine(first, 120);
    }
    case "problem":
      return oneLine(`${event.willRetry ? "retrying: " : ""}${event.error.message}`, 160);
    default:
      return null;
  }
}

/** The command, or the like, that an event begins, in one line; null for most. */
export function begunBy(event: TurnEvent): string | null {
  if (event.type === "item_started") {
    const activity = activityOf(event.item);
    return activity === null ? null : oneLine(activity, 100);
  }
  if (event.type !== "agent" || event.event.type !== "item_started") return null;
  const activity = activityOf(event.event.item);
  return activity === null ? null : `(sub-agent) ${oneLine(activity, 88)}`;
}

/** The original's line for the first limit. */
export function graceWords({ kind, afterMs }: ClockEvent): string {
  const name = kind === "idle" ? "idle" : "wall";
  return `[TIMEOUT] First ${name} timeout reached after ${Math.round(afterMs / 1000)}s — granting one automatic grace window.`;
}

export function checkWords({ type, subject, passed, exitCode, detail }: CheckResult): string {
  const verdict = passed ? "passed" : exitCode === null ? "FAILED" : `FAILED with exit code ${exitCode}`;
  // Its subject says nothing of what is wrong.
  const why = !passed && type === "review" ? `: ${oneLine(detail.split("\n", 1)[0] ?? "", 200)}` : "";
  return `${verdict}: ${type} ${oneLine(subject, 100)}${why}`;
}

/** Which sub-agents are at work after this event. */
export function agentsAfter(event: TurnEvent, agents: ReadonlySet<string>): ReadonlySet<string> {
  if (event.type !== "agent") return agents;
  const { threadId } = event;
  if (event.event.type === "turn_started") return new Set([...agents, threadId]);
  return event.event.type === "turn_completed" ? new Set([...agents].filter((id) => id !== threadId)) : agents;
}

/** What Codex is at, for a sign of life; `agents` are the sub-agents at work. */
export function doingNow(turn: Turn, agents: ReadonlySet<string>): string {
  const command = [...turn.running.values()].at(-1);
  if (command !== undefined) return `running ${oneLine(command, 60)}`;
  if (turn.state === "completed") return agents.size > 0 ? "waiting for sub-agents" : "finishing";
  return turn.draft === null ? "thinking" : "writing";
}
