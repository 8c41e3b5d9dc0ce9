import type { ClaudeRules } from "./rules.ts";

export interface ArgumentOptions {
  readonly rules: ClaudeRules;
  /** The user's settings are loaded as well. */
  readonly userSettings: boolean;
  /** Settings that go along in any case; nothing secret, for others see the arguments of a process. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly model: string | null;
  readonly budgetUsd: number | null;
  /** Null: a new conversation. */
  readonly conversation: string | null;
}

/** The arguments of a `claude -p` that reads its prompt from stdin, asks no one, and can do what the rules say and no more. */
export function claudeArguments(options: ArgumentOptions): readonly string[] {
  const { rules, userSettings, settings, model, budgetUsd, conversation } = options;
  return [
    ...["-p", "--output-format", "stream-json", "--verbose"],
    ...["--permission-mode", "dontAsk", "--setting-sources", userSettings ? "user" : ""],
    ...["--strict-mcp-config", "--disable-slash-commands"],
    ...["--tools", rules.tools.join(",")],
    ...(rules.allow.length === 0 ? [] : ["--allowedTools", ...rules.allow]),
    ...(rules.deny.length === 0 ? [] : ["--disallowedTools", ...rules.deny]),
    ...["--json-schema", JSON.stringify(CLOSING_SCHEMA)],
    ...(Object.keys(settings).length === 0 ? [] : ["--settings", JSON.stringify(settings)]),
    ...(model === null ? [] : ["--model", model]),
    ...(budgetUsd === null ? [] : ["--max-budget-usd", String(budgetUsd)]),
    ...(conversation === null ? [] : ["--resume", conversation]),
  ];
}

/** How it closes. */
const CLOSING_SCHEMA = {
  type: "object",
  properties: {
    status: { type: "string", enum: ["DONE", "BLOCKED", "PARTIAL"] },
    notes: { type: "string", description: "What was done or found; why it is blocked; what remains." },
  },
  required: ["status", "notes"],
  additionalProperties: false,
} as const;
