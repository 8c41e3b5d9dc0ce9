import type { Response, ServerRequest } from "./connection.ts";
import { toolCallRequest } from "./messages.ts";

/** A tool of ours that Codex offers to its model. A thread keeps the tools that it was born with. */
export interface Tool {
  /** Unlike every tool of Codex's own: its own wins, without a word. */
  readonly name: string;
  readonly description: string;
  /** Passed on to the model and enforced by no one: what takes a call must check its arguments. */
  readonly inputSchema: object;
}

/** The model has called a tool of ours, and waits for the reply. */
export interface ToolCall {
  readonly callId: string;
  readonly tool: string;
  readonly arguments: unknown;
}

export interface ToolReply {
  /** All that the model gets to read: the verdict stands in it. */
  readonly text: string;
  readonly success: boolean;
}

/** The tools of a thread, and who answers when they are called. */
export interface Toolbox {
  readonly tools: readonly Tool[];
  /** Never rejects. When the signal comes first, no one waits for the reply: Codex itself never says that a call is void. */
  call(call: ToolCall, signal: AbortSignal): Promise<ToolReply>;
  /** Resolves once nothing of any call is at work. */
  rest(): Promise<void>;
}

/** A call of one of these tools; null for any other request. */
export function toolCall({ method, params }: ServerRequest, { tools }: Toolbox): ToolCall | null {
  if (method !== "item/tool/call") return null;
  const parsed = toolCallRequest.safeParse(params);
  return parsed.success && tools.some(({ name }) => name === parsed.data.tool) ? parsed.data : null;
}

// Codex cuts what a tool answers at 12,000 characters, in the middle.
export const MOST_REPLY = 8_000;

/** The reply as Codex takes it, never longer than what the model gets to see whole. */
export function toolResponse({ text, success }: ToolReply): Response {
  const whole = text.length <= MOST_REPLY ? text : `${text.slice(0, MOST_REPLY - CUT.length)}${CUT}`;
  return { result: { contentItems: [{ type: "inputText", text: whole }], success } };
}

const CUT = "\n… (cut)";
