import { basename } from "node:path";
import type * as z from "zod/mini";
import { inspectSession } from "../../broker/command/inspect-session.ts";
import { WorkerGone } from "../../broker/socket/client.ts";
import { decided, leftOpen } from "../../broker/socket/protocol.ts";
import { sayWord } from "../../broker/socket/say-word.ts";
import { PLAIN } from "../../broker/store/plain-options.ts";
import type { Word } from "../../broker/store/word.ts";
import { UsageError } from "../../errors.ts";
import { oneLine } from "../../text/defuse.ts";
import { sessionAndText, sessionFrom } from "../command/session-place.ts";
import { comesWithFlag, requiredText } from "../command/task-text.ts";
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
  args: readonly [id: string | undefined, text: string | undefined],
  flags: AnswerFlags,
): Promise<number> {
  refuseInside("codex_broker");
  const { folder, text: argument } = await sessionAndText("answer", args, comesWithFlag(flags));
  const text = await requiredText("answer requires a text.", flags, argument);
  const { state } = await inspectSession(folder);
  // `status` shows a closing question by this name.
  const meant = flags.question === undefined || flags.question === "closing";
  const closed = state.open_requests.length === 0 && state.questions.length > 0 && meant;
  if (closed && state.run_id === null && state.pending_count === 0) {
    return give(folder, { text, mode: "queue", key: null, options: PLAIN }, flags.wait);
  }
  const requests = state.open_requests.map(({ request_id }) => request_id);
  const word = { type: "answer", text, question: flags.question ?? null, requests } as const;
  const { left } = await tell(folder, word, leftOpen, "Nothing is asked in this session.");
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
  refuseInside("codex_broker");
  return decide(await sessionFrom("approve", id), { word: "approve", reason: "" }, wait);
}

/** `codex_broker deny`. */
export async function deny(
  args: readonly [id: string | undefined, reason: string | undefined],
  wait: number | undefined,
): Promise<number> {
  refuseInside("codex_broker");
  const { folder, text: reason = "" } = await sessionAndText("deny", args, false);
  return decide(folder, { word: "deny", reason }, wait);
}

interface Decision {
  readonly word: "approve" | "deny";
  readonly reason: string;
}

async function decide(folder: string, { word, reason }: Decision, wait: number | undefined): Promise<number> {
  const approved = word === "approve";
  const { state } = await inspectSession(folder);
  // The one that has waited longest, as `status` shows it: the word is about this one alone.
  const open = state.open_requests.find(({ type }) => type === "approval");
  if (open === undefined) throw new UsageError(NOTHING_TO_APPROVE, `See codex_broker status ${basename(folder)}.`);
  const decision = { type: "decide", request_id: open.request_id, approved, reason } as const;
  const { what, left } = await tell(folder, decision, decided, NOTHING_TO_APPROVE);
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

const NOTHING_TO_APPROVE = "Nothing waits for approval in this session.";

/** Only a living worker waits for anything. */
async function tell<T>(folder: string, word: Word, result: z.ZodMiniType<T>, otherwise: string): Promise<T> {
  try {
    return await sayWord(folder, word, result);
  } catch (error) {
    if (error instanceof WorkerGone && !error.silent)
      throw new UsageError(otherwise, `See codex_broker status ${basename(folder)}.`);
    throw error;
  }
}
