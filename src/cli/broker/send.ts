import { basename } from "node:path";
import { stateOf } from "../../broker/command/inspect-session.ts";
import { type Sending, sendMessage } from "../../broker/command/send-message.ts";
import type { Message } from "../../broker/store/message.ts";
import { isPlain, type MessageOptions } from "../../broker/store/message-options.ts";
import { readSession } from "../../broker/store/session-log.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { UsageError } from "../../errors.ts";
import { filesToLookAt, sandboxModeOf, warnOfMissing } from "../command/flag-values.ts";
import { roleFrom } from "../command/role-flag.ts";
import { sessionAndText } from "../command/session-place.ts";
import { comesWithFlag, requiredText } from "../command/task-text.ts";
import type { FileFlags, SettingsFlags, TaskFlags, WideFlags } from "../command/turn-options.ts";
import { forgone, wideFrom, withoutFlags } from "../command/wide-flags.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { workerProgram } from "../edge/own-program.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { tellRecovered } from "./status.ts";
import { waitAfter } from "./wait.ts";

interface SendFlags extends TaskFlags, FileFlags, SettingsFlags, WideFlags {
  readonly queue: boolean;
  readonly steer: boolean;
  readonly interrupt: boolean;
  readonly key?: string;
  readonly wait?: number | undefined;
}

/** `codex_broker send`: says that the message is taken only when it is on the disk. */
export async function send(
  args: readonly [id: string | undefined, message: string | undefined],
  flags: SendFlags,
): Promise<number> {
  refuseInside("codex_broker");
  const { folder, text: argument } = await sessionAndText("send", args, comesWithFlag(flags));
  const text = await requiredText("send requires a message.", flags, argument);
  const images = await filesToLookAt("--image", flags.image, currentFolder());
  const asksPlace = flags.role !== undefined || flags.file.length > 0;
  const workspace = asksPlace ? (await stateOf(sessionPaths(folder))).workspace : "";
  const role = await roleFrom(flags, workspace);
  await warnOfMissing(flags.file, workspace);
  const wide = await wideFrom(flags, sandboxModeOf(flags), currentFolder());
  const options: MessageOptions = {
    model: flags.model ?? null,
    effort: flags.reasoning ?? role?.effort ?? null,
    ...wide,
    addDirs: [...wide.addDirs],
    sandboxMode: wide.sandboxMode ?? role?.sandbox ?? null,
    role: role && { name: role.name, frame: role.frame },
    images: [...images],
    files: [...flags.file],
  };
  const mode = modeOf(flags);
  if (mode === "steer" && !isPlain(options))
    throw new UsageError("--steer goes into the running turn, whose settings and files stand: drop the other flags.");
  const kept = mode === "steer" ? null : forgone(wide, readSession(sessionPaths(folder).events).options.plan.sandbox);
  if (kept !== null) writeErr(`[codex] ${withoutFlags(kept)}\n`);
  return give(folder, { text, mode, key: flags.key ?? null, options }, flags.wait);
}

/** Hands a message over, and says what became of it. */
export async function give(folder: string, sending: Sending, wait: number | undefined): Promise<number> {
  const sent = await sendMessage(folder, sending, workerProgram(), stateFolder());
  const { messageId, delivered, pending_count, recovered, read_when = null } = sent;
  if (recovered) tellRecovered(folder);
  writeOut(
    lines([
      ["broker_id", basename(folder)],
      ["queued", true],
      ["pending_count", pending_count],
      ["delivered", delivered],
      ["read_when", read_when],
      ["message_id", messageId],
    ]),
  );
  return waitAfter(folder, wait);
}

function modeOf({ queue, steer, interrupt }: SendFlags): Message["mode"] {
  const chosen = [queue && "--queue", steer && "--steer", interrupt && "--interrupt"].filter((flag) => flag !== false);
  if (chosen.length > 1) throw new UsageError(`${chosen.join(" and ")} contradict each other: drop one.`);
  return steer ? "steer" : interrupt ? "interrupt" : "queue";
}
