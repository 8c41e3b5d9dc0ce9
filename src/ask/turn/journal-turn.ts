import type { CommandRun } from "../../codex/command-run.ts";
import { isCommand, toCommandRun } from "../../codex/command-run.ts";
import type { TurnWatcher } from "../../codex/turn/outcome.ts";
import type { TurnEvent } from "../../codex/turn-event.ts";
import type { RunJournal } from "../model/run-journal.ts";

/** Events of the turn that outlive it: commands, messages, questions, what was declined, time running out. */
export function journaling(journal: RunJournal, progress: TurnWatcher): TurnWatcher {
  return {
    event(event, turn) {
      const command = commandIn(event.type === "agent" ? event.event : event);
      if (command !== null) {
        const agent = event.type === "agent" ? { agent: event.threadId } : {};
        journal.append("command_finished", { command: command.command, exit_code: command.exitCode, ...agent });
      } else if (event.type === "item_completed" && event.item.type === "agentMessage") {
        journal.append("message", { text: turn.messages.at(-1)?.text ?? "" });
      } else if (event.type === "item_completed" && event.item.type === "dynamicToolCall" && "tool" in event.item) {
        journal.append("tool_called", { tool: event.item.tool, status: event.item.status });
      } else if (event.type === "problem") {
        journal.append("problem", { message: event.error.message, will_retry: event.willRetry });
      }
      progress.event(event, turn);
    },
    grace(event) {
      journal.append("grace_granted", { kind: event.kind, after_ms: Math.round(event.afterMs) });
      progress.grace(event);
    },
    declined(declined) {
      journal.append("request_declined", { what: declined.what, reason: declined.reason });
      progress.declined(declined);
    },
  };
}

function commandIn(event: TurnEvent): CommandRun | null {
  return event.type === "item_completed" && isCommand(event.item) ? toCommandRun(event.item) : null;
}
