import { describeSandbox } from "../../codex/settings.ts";
import { defuse } from "../../text/defuse.ts";
import type { AskOutcome } from "../model/outcome.ts";

/** Proof that Codex ran, and how, in one line; result.json has all of it. Below it the warnings of Codex that are new today. */
export function receiptSection(outcome: AskOutcome): string {
  const { receipt, sessionId, runId, tokens, elapsedMs, survivors, newWarnings } = outcome;
  const { settings, codexVersion } = receipt;
  const parts: readonly (string | null)[] = [
    sessionId && `session ${sessionId}`,
    `run ${runId}`,
    codexVersion && `Codex ${codexVersion}`,
    settings && `${settings.model}${settings.effort === null ? "" : ` (${settings.effort})`}`,
    settings && describeSandbox(settings.sandbox),
    tokens && `${tokens.inputTokens} tokens in (${tokens.cachedInputTokens} cached), ${tokens.outputTokens} out`,
    `${(elapsedMs / 1000).toFixed(1)} s`,
  ];
  const line = parts.flatMap((part) => (part ? [oneLineOf(part)] : [])).join(" · ");
  const left = survivors.length === 0 ? [] : [`**Could not be ended: process ${survivors.join(", ")}**`];
  const warnings = newWarnings.map((warning) => `Warning of Codex: ${oneLineOf(warning)}`);
  return ["## Receipt", line, ...left, ...warnings].join("\n\n");
}

function oneLineOf(text: string): string {
  return defuse(text).replace(/\s+/g, " ");
}
