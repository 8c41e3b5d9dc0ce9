import { oneLine } from "../../text/defuse.ts";
import { code } from "../../text/markdown.ts";
import type { Agent } from "../model/agent.ts";
import { capped, describeCommand } from "./sections.ts";

const MAX_AGENTS = 50;
const MAX_COMMANDS = 50;

/** What Codex's own sub-agents did. */
export function agentsSection(agents: readonly Agent[]): string {
  if (agents.length === 0) return "";
  const stopped = agents.filter(({ status }) => status === "stopped").length;
  const warning =
    stopped === 0 ? [] : [`**${stopped} sub-agent(s) still worked when the run ended, and were stopped.**`];
  return ["## Sub-agents", "", ...warning, ...capped(agents, MAX_AGENTS, describeAgent)].join("\n");
}

function describeAgent({ threadId, name, status, tokens, commands, lastWords }: Agent): string {
  const title = name === null ? code(threadId) : `${code(name)} (${code(threadId)})`;
  const count = tokens === null ? "" : `, ${tokens.totalTokens} tokens`;
  const words = lastWords === "" ? "" : `. It said: ${oneLine(lastWords, 200)}`;
  const told = commands.filter(({ readOnly, status: end }) => !readOnly || end === "refused" || end === "unfinished");
  const looked = commands.length - told.length;
  const note = looked === 0 ? [] : [`- ${looked} read(s) and search(es) left out`];
  const lines = [...capped(told, MAX_COMMANDS, describeCommand), ...note];
  return [`- ${title}: ${status}${count}${words}`, ...lines.map((line) => line.replace(/^/gm, "  "))].join("\n");
}
