import type { Response, ServerRequest } from "./connection.ts";
import { type AskedQuestion, userInputRequest } from "./messages.ts";
import { saysNeverApproved } from "./sentences.ts";
import type { TurnEvent } from "./turn-event.ts";

/** A request of Codex that was turned down, for the report. */
export interface Declined {
  readonly what: string;
  readonly reason: string;
}

/** What a server request asks of us. Every one is answered; nothing is left to wait for. */
export type RequestDecision =
  /** A question for the caller: the turn ends, and the answer comes with the next one. */
  | { readonly type: "question"; readonly questions: readonly AskedQuestion[] }
  | { readonly type: "answer"; readonly response: Response; readonly declined: Declined | null };

/**
 * Decides on a request for a run that no one watches: approvals and elicitations are declined with a reason that the model can
 * read (`decline`, not `cancel`: the turn goes on), questions are handed out, and what we do not know is refused by name.
 */
export function decideRequest({ method, params }: ServerRequest): RequestDecision {
  const decline = (what: string, result: unknown): RequestDecision => {
    return { type: "answer", response: { result }, declined: { what, reason: UNATTENDED } };
  };
  switch (method) {
    case "item/tool/requestUserInput": {
      const parsed = userInputRequest.safeParse(params);
      if (parsed.success) return { type: "question", questions: parsed.data.questions };
      return decline("a question in an unknown form", { answers: {} });
    }
    case "item/commandExecution/requestApproval":
      return decline(`run outside the sandbox: ${field(params, "command") || field(params, "reason")}`, DECLINE);
    case "item/fileChange/requestApproval":
      return decline(`change files: ${field(params, "reason") || field(params, "grantRoot")}`, DECLINE);
    case "item/permissions/requestApproval":
      return decline(`more permissions: ${field(params, "reason")}`, { permissions: {}, scope: "turn" });
    case "mcpServer/elicitation/request": {
      const what = `${field(params, "serverName")} asks: ${field(params, "message")}`;
      return decline(what, { action: "decline", content: null, _meta: null });
    }
    case "execCommandApproval":
    case "applyPatchApproval":
      return decline(method, { decision: { denied: { rejection: UNATTENDED } } });
    case "item/tool/call": {
      const contentItems = [{ type: "inputText", text: UNATTENDED }];
      return decline(`tool ${field(params, "tool")}`, { contentItems, success: false });
    }
    case "currentTime/read": {
      const result = { currentTimeAt: Math.floor(Date.now() / 1000) };
      return { type: "answer", response: { result }, declined: null };
    }
    default: {
      const error = { code: -32601, message: `${method} is not supported here: ${UNATTENDED}` };
      return { type: "answer", response: { error }, declined: { what: method, reason: "not supported" } };
    }
  }
}

/** A tool that would have needed an approval: where approvals are `never`, Codex turns it down without asking us. */
export function declinedTool(event: TurnEvent): Declined | null {
  if (event.type !== "item_completed" || event.item.type !== "mcpToolCall" || !("tool" in event.item)) return null;
  const { server, tool, error } = event.item;
  if (!saysNeverApproved(error?.message ?? "")) return null;
  return { what: `tool ${tool} of ${server}`, reason: UNATTENDED };
}

export const UNATTENDED =
  "no user is there to approve it; work within the sandbox, and say in the final answer what was missing";
const DECLINE = { decision: "decline" };

/** A text field of a request whose form we do not rely on; empty when it is not there. */
export function field(params: unknown, name: string): string {
  const value = typeof params === "object" && params !== null ? (params as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : "";
}
