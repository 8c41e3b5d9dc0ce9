import * as z from "zod/mini";

/**
 * The parts of the app-server protocol that we read, each with just the fields we use. Whatever else Codex sends, now or in
 * a later version, passes through unharmed: unknown fields are dropped, unknown notifications become `other`.
 */

const text = z.string();
const nullableText = z.nullish(text);
const nullableNumber = z.nullish(z.number());

/** `codexErrorInfo` is a word, or an object with one word as its key and sometimes an HTTP status inside. */
const errorInfo = z.nullish(
  z.union([text, z.record(text, z.nullable(z.looseObject({ httpStatusCode: nullableNumber })))]),
);

const turnError = z.object({
  message: z._default(text, ""),
  codexErrorInfo: z.catch(errorInfo, null),
  additionalDetails: nullableText,
});
export type TurnError = z.infer<typeof turnError>;

/** The data of a refused `turn/start` whose text is too long. */
export const inputError = z.object({
  input_error_code: z.literal("input_too_large"),
  actual_chars: z.number(),
  max_chars: z.number(),
});

const sandboxPolicy = z.looseObject({
  type: text,
  networkAccess: z.nullish(z.union([z.boolean(), text])),
  writableRoots: z.nullish(z.array(text)),
});
export type SandboxPolicy = z.infer<typeof sandboxPolicy>;

/** What `thread/start`, `thread/resume` and `thread/fork` answer: the thread and its settings as Codex resolved them. */
export const threadAnswer = z.object({
  thread: z.object({
    ...{ id: text, path: nullableText, cliVersion: nullableText },
    environments: z.nullish(z.array(z.object({ environmentId: text }))),
  }),
  ...{ model: text, modelProvider: nullableText },
  cwd: text,
  sandbox: sandboxPolicy,
  approvalPolicy: z.unknown(),
  reasoningEffort: nullableText,
});
export type ThreadAnswer = z.infer<typeof threadAnswer>;

export const configAnswer = z.object({
  config: z.object({
    sandbox_workspace_write: z.nullish(z.object({ writable_roots: z._default(z.array(text), []) })),
  }),
});
export const threadReadAnswer = z.object({
  thread: z.object({
    ...{ path: nullableText, agentNickname: nullableText },
    status: z.nullish(z.object({ type: text })),
  }),
});
export const initializeAnswer = z.object({ userAgent: text });
export const accountAnswer = z.object({
  account: z.nullish(z.looseObject({ type: nullableText })),
  requiresOpenaiAuth: z._default(z.boolean(), false),
});
export const turnStartAnswer = z.object({ turn: z.object({ id: text }) });
export const anyAnswer = z.unknown();

const question = z.object({
  id: text,
  header: z._default(text, ""),
  question: text,
  options: z.nullish(z.array(z.object({ label: text, description: z._default(text, "") }))),
});
export const userInputRequest = z.object({ questions: z.array(question), autoResolutionMs: nullableNumber });
export type AskedQuestion = z.infer<typeof question>;
/** A call of a tool that `thread/start` was given. */
export const toolCallRequest = z.object({ callId: text, tool: text, arguments: z.unknown() });

/** What a message is meant as. Not every provider says so, and a word of a later version counts as nothing said. */
const messagePhase = z.nullish(z.enum(["commentary", "partial_answer", "final_answer"]));

const commandAction = z.object({ type: text });

/** The items of which we read more than that they are there, by type. */
export const items = {
  agentMessage: z.object({
    ...{ type: z.literal("agentMessage"), id: text, text, phase: z.catch(messagePhase, null) },
    questions: z.nullish(z.array(z.looseObject({}))),
  }),
  commandExecution: z.object({
    type: z.literal("commandExecution"),
    id: text,
    command: text,
    cwd: z._default(text, ""),
    status: z._default(text, ""),
    commandActions: z.nullish(z.array(commandAction)),
    aggregatedOutput: nullableText,
    exitCode: nullableNumber,
    durationMs: nullableNumber,
  }),
  fileChange: z.object({
    ...{ type: z.literal("fileChange"), id: text },
    changes: z._default(z.array(z.object({ path: text })), []),
  }),
  mcpToolCall: z.object({
    ...{ type: z.literal("mcpToolCall"), id: text, server: text, tool: text },
    error: z.nullish(z.object({ message: z._default(text, "") })),
  }),
  dynamicToolCall: z.object({ type: z.literal("dynamicToolCall"), id: text, tool: text, status: z._default(text, "") }),
  webSearch: z.object({ type: z.literal("webSearch"), id: text, query: z._default(text, "") }),
  collabAgentToolCall: z.object({
    ...{
      type: z.literal("collabAgentToolCall"),
      id: text,
      tool: text,
      receiverThreadIds: z._default(z.array(text), []),
    },
    agentsStates: z.nullish(z.record(text, z.nullish(z.object({ status: text })))),
  }),
  subAgentActivity: z.object({
    ...{ type: z.literal("subAgentActivity"), id: text, kind: text, agentThreadId: text },
    agentPath: z._default(text, ""),
  }),
} as const;

// Chosen by its type: trying one schema after the other costs several times as much as all other work on an item.
const [first = items.agentMessage, ...others] = Object.values(items);
const item = z.union([z.discriminatedUnion("type", [first, ...others]), z.object({ type: text, id: text })]);
export type Item = z.infer<typeof item>;
export type CommandItem = Extract<Item, { type: "commandExecution" }>;

const inTurn = { threadId: text, turnId: text };
const tokens = z.object({
  inputTokens: z.number(),
  cachedInputTokens: z._default(z.number(), 0),
  outputTokens: z.number(),
  reasoningOutputTokens: z._default(z.number(), 0),
  totalTokens: z.number(),
});
export type Tokens = z.infer<typeof tokens>;

const rateWindow = z.nullish(z.object({ usedPercent: z.number(), resetsAt: nullableNumber }));
export type RateWindow = z.infer<typeof rateWindow>;

const threadSettings = z.object({
  cwd: text,
  approvalPolicy: z.unknown(),
  sandboxPolicy,
  model: text,
  effort: nullableText,
});
export type ThreadSettings = z.infer<typeof threadSettings>;

/** Notifications by method. A method that is not here is `other`; one whose content does not fit is too. */
export const notifications = {
  "turn/started": z.object({ threadId: text, turn: z.object({ id: text }) }),
  "turn/completed": z.object({
    threadId: text,
    turn: z.object({ id: text, status: text, error: z.nullish(turnError) }),
  }),
  "thread/status/changed": z.object({ threadId: text, status: z.object({ type: text }) }),
  "thread/closed": z.object({ threadId: text }),
  "thread/goal/updated": z.object({ threadId: text, goal: z.object({ objective: text, status: text }) }),
  "thread/goal/cleared": z.object({ threadId: text }),
  "item/started": z.object({ ...inTurn, item, startedAtMs: z.optional(z.number()) }),
  "item/completed": z.object({ ...inTurn, item, completedAtMs: z.optional(z.number()) }),
  "item/agentMessage/delta": z.object({ ...inTurn, itemId: text, delta: text }),
  "turn/plan/updated": z.object({ ...inTurn, plan: z.array(z.object({ step: text, status: text })) }),
  "thread/tokenUsage/updated": z.object({ ...inTurn, tokenUsage: z.object({ total: tokens, last: tokens }) }),
  "thread/settings/updated": z.object({ threadId: text, threadSettings }),
  "account/rateLimits/updated": z.object({ rateLimits: z.object({ primary: rateWindow, secondary: rateWindow }) }),
  error: z.object({ ...inTurn, error: turnError, willRetry: z._default(z.boolean(), false) }),
  warning: z.object({ message: text }),
  guardianWarning: z.object({ threadId: text, message: text }),
  configWarning: z.object({ summary: text }),
  deprecationNotice: z.object({ summary: text }),
  "model/rerouted": z.object({ ...inTurn, fromModel: text, toModel: text }),
  "serverRequest/resolved": z.object({ threadId: text, requestId: z.union([text, z.number()]) }),
} as const;
