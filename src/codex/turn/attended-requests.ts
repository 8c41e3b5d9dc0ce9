import type { Response, ServerRequest } from "../connection.ts";
import { type AskedQuestion, userInputRequest } from "../messages.ts";
import { type Declined, field, UNATTENDED } from "../server-requests.ts";

/** What Codex waits for someone to say, in the middle of a turn. */
export type OpenRequest = {
  /** Codex's own id of the request, as text. */
  readonly id: string;
  /** After how long Codex wants it settled without an answer (ms); null: it waits. */
  readonly limitMs: number | null;
} & (
  | { readonly type: "question"; readonly questions: readonly AskedQuestion[] }
  | { readonly type: "approval"; readonly what: string; readonly reason: string }
);

/** The words for it. Answers are keyed by the question's id. */
export type Reply =
  | { readonly type: "answers"; readonly answers: Readonly<Record<string, string>> }
  | { readonly type: "approved" }
  | { readonly type: "declined"; readonly reason: string };

/** A turn that is under way, for those that may steer or interrupt it. */
export interface SteerableTurn {
  /** Puts a message into the turn; `ended` when there is no turn left to put it into. */
  steer(text: string): Promise<"steered" | "ended">;
}

/** The attendant of a turn: follows it, and answers what Codex asks. The turn's clocks stand still meanwhile. */
export interface Attendant {
  began(turn: SteerableTurn): void;
  /** Resolves with the words to be sent; when the signal comes first, no one waits for it any more. */
  answer(request: OpenRequest, signal: AbortSignal): Promise<Reply>;
}

/** A request that someone can answer; null: it is decided without asking (`decideRequest`). */
export function openRequest({ id, method, params }: ServerRequest): OpenRequest | null {
  const approval = (what: string): OpenRequest => {
    return { id: String(id), limitMs: null, type: "approval", what, reason: field(params, "reason") };
  };
  switch (method) {
    case "item/tool/requestUserInput": {
      const parsed = userInputRequest.safeParse(params);
      if (!parsed.success) return null;
      const { questions, autoResolutionMs } = parsed.data;
      return { id: String(id), limitMs: autoResolutionMs ?? null, type: "question", questions };
    }
    case "item/commandExecution/requestApproval":
      return approval(`run ${field(params, "command") || "a command"}`);
    case "item/fileChange/requestApproval":
      return approval(`change files${field(params, "grantRoot") && ` below ${field(params, "grantRoot")}`}`);
    case "item/permissions/requestApproval":
      return approval("have more permissions");
    default:
      return null;
  }
}

/** The reply as Codex takes it, and what was declined by it. */
export function responseTo(
  { method, params }: ServerRequest,
  request: OpenRequest,
  reply: Reply,
): { readonly response: Response; readonly declined: Declined | null } {
  const what = request.type === "approval" ? request.what : "a question";
  const declined = reply.type === "declined" ? { what, reason: reply.reason || UNATTENDED } : null;
  if (request.type === "question") {
    const answers = reply.type === "answers" ? reply.answers : {};
    const byId = Object.entries(answers).map(([id, text]) => [id, { answers: [text] }]);
    return { response: { result: { answers: Object.fromEntries(byId) } }, declined };
  }
  const yes = reply.type === "approved";
  if (method === "item/permissions/requestApproval") {
    const permissions = yes ? ((params as { permissions?: unknown }).permissions ?? {}) : {};
    return { response: { result: { permissions, scope: "turn" } }, declined };
  }
  return { response: { result: { decision: yes ? "accept" : "decline" } }, declined };
}
