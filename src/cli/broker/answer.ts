import { basename } from "node:path";
import type * as z from "zod/mini";
import { inspectSession } from "../../broker/command/inspect-session.ts";
import { call, WorkerGone } from "../../broker/socket/client.ts";
import { decided, leftOpen, type Request } from "../../broker/socket/protocol.ts";
import { PLAIN } from "../../broker/store/message-options.ts";
import { UsageError } from "../../errors.ts";
import { oneLine } from "../../text/defuse.ts";
import { sessionFrom } from "../command/session-place.ts";
import { requiredText } from "../command/task-text.ts";
import type { TaskFlags } from "../command/turn-options.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { give } from "./send.ts";
import { waitAfter } from "./wait.ts";

interface AnswerFlags extends TaskFlags {
  readonly question?: string;
  readonly wait?: number | undefined;
}

/** `codex_broker answer`: inside the turn that asked, or as the next message when the turn had closed with its question. */
export async function answer(
  [id, argument]: readonly [id: string | undefined, text: string | undefined],
  flags: AnswerFlags,
): Promise<number> {
  refuseInside("codex_broker");
  const folder = await sessionFrom("answer", id);
  const text = await requiredText("answer requires a text.", flags, argument);
  const { state } = await inspectSession(folder);
  // `status` shows a closing question by this name.
  const meant = flags.question === undefined || flags.question === "closing";
  const closed = state.open_requests.length === 0 && state.questions.length > 0 && meant;
  if (closed && state.run_id === null && state.pending_count === 0) {
    return give(folder, { text, mode: "queue", key: null, options: PLAIN }, flags.wait);
  }
  const request = { type: "answer", text, question: flags.question ?? null } as const;
  const { left } = await ask(folder, request, leftOpen, "Nothing is asked in this session.");
  writeOut(
    lines([
      ["broker_id", basename(folder)],
      ["delivered", "answered"],
      ["open_questions", left],
    ]),
  );
  return waitAfter(folder, flags.wait);
}

/** `codex_broker approve`. */
export async function approve(id: string | undefined, wait: number | undefined): Promise<number> {
  return decide(id, { word: "approve", reason: "" }, wait);
}

/** `codex_broker deny`. */
export async function deny(
  [id, reason = ""]: readonly [id: string | undefined, reason: string | undefined],
  wait: number | undefined,
): Promise<number> {
  return decide(id, { word: "deny", reason }, wait);
}

interface Decision {
  readonly word: "approve" | "deny";
  readonly reason: string;
}

async function decide(id: string | undefined, { word, reason }: Decision, wait: number | undefined): Promise<number> {
  refuseInside("codex_broker");
  const folder = await sessionFrom(word, id);
  const approved = word === "approve";
  const request = { type: "decide", approved, reason } as const;
  const { what, left } = await ask(folder, request, decided, "Nothing waits for approval in this session.");
  writeOut(
    lines([
      ["broker_id", basename(folder)],
      ["delivered", approved ? "approved" : "denied"],
      ["what", oneLine(what, 200)],
      ["open_approvals", left],
    ]),
  );
  return waitAfter(folder, wait);
}

/** Only a living worker waits for anything. */
async function ask<T>(folder: string, request: Request, result: z.ZodMiniType<T>, otherwise: string): Promise<T> {
  try {
    return await call(folder, request, result);
  } catch (error) {
    if (error instanceof WorkerGone && !error.silent)
      throw new UsageError(otherwise, `See codex_broker status ${basename(folder)}.`);
    throw error;
  }
}
