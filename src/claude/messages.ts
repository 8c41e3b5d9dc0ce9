import * as z from "zod/mini";

/** The lines of `--output-format stream-json`, as far as we read them. What else they say passes through unread. */

const text = z.object({ type: z.literal("text"), text: z.string() });
const toolUse = z.object({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z._default(z.record(z.string(), z.unknown()), {}),
});
const toolResult = z.object({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.optional(z.nullable(z.boolean())),
});
const other = z.object({ type: z.string() });
const timestamp = z.optional(z.nullable(z.string()));

const init = z.object({
  type: z.literal("system"),
  subtype: z.literal("init"),
  session_id: z.string(),
  model: z.optional(z.string()),
  claude_code_version: z.optional(z.string()),
});
const retry = z.object({
  type: z.literal("system"),
  subtype: z.literal("api_retry"),
  error: z.optional(z.nullable(z.string())),
  error_status: z.optional(z.nullable(z.number())),
});
const assistant = z.object({
  type: z.literal("assistant"),
  timestamp,
  message: z.object({ content: z.array(z.union([text, toolUse, other])) }),
});
const user = z.object({
  type: z.literal("user"),
  timestamp,
  message: z.object({ content: z.union([z.array(z.union([toolResult, other])), z.string()]) }),
});
const count = z._default(z.nullable(z.number()), 0);
const modelUsage = z.object({
  inputTokens: count,
  outputTokens: count,
  cacheReadInputTokens: count,
  cacheCreationInputTokens: count,
});
const result = z.object({
  type: z.literal("result"),
  subtype: z.string(),
  is_error: z._default(z.boolean(), false),
  terminal_reason: z.optional(z.nullable(z.string())),
  stop_reason: z.optional(z.nullable(z.string())),
  api_error_status: z.optional(z.nullable(z.number())),
  result: z.optional(z.nullable(z.string())),
  errors: z.optional(z.array(z.unknown())),
  structured_output: z.optional(z.unknown()),
  session_id: z.optional(z.string()),
  total_cost_usd: z.optional(z.nullable(z.number())),
  usage: z.optional(
    z.object({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
    }),
  ),
  modelUsage: z.catch(z.optional(z.record(z.string(), modelUsage)), undefined),
  permission_denials: z._default(
    z.array(z.object({ tool_name: z.string(), tool_input: z._default(z.record(z.string(), z.unknown()), {}) })),
    [],
  ),
});

export const claudeMessage = z.union([init, retry, assistant, user, result]);

export type ClaudeMessage = z.infer<typeof claudeMessage>;
export type ClaudeResult = z.infer<typeof result>;
export type ToolUse = z.infer<typeof toolUse>;
