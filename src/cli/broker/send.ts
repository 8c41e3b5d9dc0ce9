import { basename } from "node:path";
import type * as z from "zod/mini";
import { inspectSession, stateOf } from "../../broker/command/inspect-session.ts";
import { launchWorker } from "../../broker/command/launch-worker.ts";
import { requireFreeTree } from "../../broker/command/require-free-tree.ts";
import { type Sending, sendMessage } from "../../broker/command/send-message.ts";
import { call, WorkerGone } from "../../broker/socket/client.ts";
import { decided, done, leftOpen, type Request } from "../../broker/socket/protocol.ts";
import type { Message } from "../../broker/store/message.ts";
import { isPlain, type MessageOptions, PLAIN } from "../../broker/store/message-options.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { UsageError } from "../../errors.ts";
import { oneLine } from "../../text/defuse.ts";
import { filesToLookAt, sandboxModeOf } from "../command/flag-values.ts";
import { roleFrom } from "../command/role-flag.ts";
import { sessionFrom, workerProgram } from "../command/session-place.ts";
import { requiredText } from "../command/task-text.ts";
import type { TurnFlags } from "../command/turn-options.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { lines } from "../output/value-lines.ts";
import type { Words } from "./commands.ts";

type SendFlags = TurnFlags & {
  readonly queue: boolean;
  readonly steer: boolean;
  readonly interrupt: boolean;
  readonly key?: string;
  readonly wait?: number;
};

/** `codex_broker send`: says that the message is taken only when it is on the disk. */
export async function send({ args, files, options: given }: Words): Promise<number> {
  const flags = { ...given, files } as unknown as SendFlags;
  const folder = await sessionFrom("send", args[0]);
  const text = await requiredText("send requires a message.", flags, args[1]);
  const images = await filesToLookAt("--image", flags.image, currentFolder());
  const role = await roleFrom(flags, flags.role === undefined ? "" : (await stateOf(sessionPaths(folder))).workspace);
  const options: MessageOptions = {
    model: flags.model ?? null,
    effort: flags.reasoning ?? role?.effort ?? null,
    sandboxMode: sandboxModeOf(flags) ?? role?.sandbox ?? null,
    role: role && { name: role.name, frame: role.frame },
    images: [...images],
    files: [...files],
  };
  const mode = modeOf(flags);
  if (mode === "steer" && !isPlain(options))
    throw new UsageError("--steer goes into the running turn, whose settings and files stand: drop the other flags.");
  return give(folder, { text, mode, key: flags.key ?? null, options }, flags.wait);
}

/** `codex_broker answer`: inside the turn that asked, or as the next message when the turn had closed with its question. */
export async function answer({ args, options: given }: Words): Promise<number> {
  const flags = given as {
    readonly question?: string;
    readonly wait?: number;
    readonly task?: string;
    readonly promptFile?: string;
  };
  const folder = await sessionFrom("answer", args[0]);
  const text = await requiredText("answer requires a text.", flags, args[1]);
  const { state } = await inspectSession(folder);
  // `status` shows a closing question by this name.
  const meant = flags.question === undefined || flags.question === "closing";
  const closed = state.open_requests.length === 0 && state.questions.length > 0 && meant;
  if (closed && state.run_id === null && state.pending_count === 0) {
    return give(folder, { text, mode: "queue", key: null, options: PLAIN }, flags.wait);
  }
  const { left } = await ask(
    folder,
    { type: "answer", text, question: flags.question ?? null },
    leftOpen,
    "Nothing is asked in this session.",
  );
  process.stdout.write(
    lines([
      ["broker_id", basename(folder)],
      ["delivered", "answered"],
      ["open_questions", left],
    ]),
  );
  return waitIfAsked(folder, flags.wait);
}

/** `codex_broker approve`. */
export async function approve(words: Words): Promise<number> {
  return decide("approve", words, true);
}

/** `codex_broker deny`. */
export async function deny(words: Words): Promise<number> {
  return decide("deny", words, false);
}

/** `codex_broker resume`: goes on with the queue, in a worker of the environment that this command has. */
export async function resume({ args, options }: Words): Promise<number> {
  const folder = await sessionFrom("resume", args[0]);
  const { state, worker, recovered } = await inspectSession(folder);
  if (recovered) (await import("./status.ts")).tellRecovered(folder);
  // One that is on its way out answers no more.
  const goesOn = worker === "alive" && (await call(folder, { type: "resume" }, done).catch(orGone)) !== null;
  if (!goesOn) {
    if (state.pending_count > 0) await requireFreeTree(folder, stateFolder(), null);
    await (await import("../../broker/command/repair-session.ts")).releaseQueue(sessionPaths(folder));
    if (state.pending_count > 0) await launchWorker(folder, workerProgram());
  }
  const resumed = goesOn || state.pending_count > 0;
  process.stdout.write(
    lines([
      ["broker_id", basename(folder)],
      ["pending_count", state.pending_count],
      ["resumed", resumed],
    ]),
  );
  return waitIfAsked(folder, options["wait"] as number | undefined);
}

async function give(folder: string, sending: Sending, wait: number | undefined): Promise<number> {
  const sent = await sendMessage(folder, sending, workerProgram(), stateFolder());
  const { messageId, delivered, pending_count, recovered } = sent;
  if (recovered) (await import("./status.ts")).tellRecovered(folder);
  process.stdout.write(
    lines([
      ["broker_id", basename(folder)],
      ["queued", true],
      ["pending_count", pending_count],
      ["delivered", delivered],
      ["message_id", messageId],
    ]),
  );
  return waitIfAsked(folder, wait);
}

async function decide(name: string, { args, options }: Words, approved: boolean): Promise<number> {
  const folder = await sessionFrom(name, args[0]);
  const request = { type: "decide", approved, reason: args[1] ?? "" } as const;
  const { what, left } = await ask(folder, request, decided, "Nothing waits for approval in this session.");
  process.stdout.write(
    lines([
      ["broker_id", basename(folder)],
      ["delivered", approved ? "approved" : "denied"],
      ["what", oneLine(what, 200)],
      ["open_approvals", left],
    ]),
  );
  return waitIfAsked(folder, options["wait"] as number | undefined);
}

function orGone(error: unknown): null {
  if (error instanceof WorkerGone && !error.silent) return null;
  throw error;
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

function modeOf({ queue, steer, interrupt }: SendFlags): Message["mode"] {
  const chosen = [queue && "--queue", steer && "--steer", interrupt && "--interrupt"].filter((flag) => flag !== false);
  if (chosen.length > 1) throw new UsageError(`${chosen.join(" and ")} contradict each other: drop one.`);
  return steer ? "steer" : interrupt ? "interrupt" : "queue";
}

async function waitIfAsked(folder: string, seconds: number | undefined): Promise<number> {
  if (seconds === undefined) return 0;
  return (await import("./wait.ts")).waitAfter(folder, seconds);
}
