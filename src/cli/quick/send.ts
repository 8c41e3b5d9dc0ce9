import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { talkTo, type UsualTalk, usualDelivery, usualStatus } from "../../broker/socket/usual-talk.ts";
import { enqueue } from "../../broker/store/enqueue.ts";
import { PLAIN } from "../../broker/store/plain-options.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { exitCodeOfSession, isSettled } from "../../broker/store/settled.ts";
import { isObject } from "../../broker/store/state-shape.ts";
import { isErrno } from "../../errors.ts";
import { readPlainStart } from "../../files/read-plain.ts";
import { newId } from "../../files/state-paths.ts";
import { depthOf } from "../../process/environment.ts";
import { WAIT_SLICE } from "../broker/wait-slice.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { stateFolder } from "../edge/folders.ts";
import { printAtOnce } from "../edge/stdio.ts";
import { lastAnswerText } from "../output/last-answer.ts";
import { progressText, sessionText } from "../output/session-text.ts";
import { lines } from "../output/value-lines.ts";
import { ownSession } from "./own-session.ts";

/**
 * `codex_broker send` with a whole id, a text and at most `--wait`, to a session whose worker lives. Null: something is out of the
 * ordinary, and `broker/send.ts` does it all. As there, the message is on the disk before anything is printed about it.
 */
export async function send(id: string, [text = "", ...more]: readonly string[]): Promise<number | null> {
  const seconds = waitOf(more);
  if (seconds === null || text.startsWith("-") || text.trim() === "") return null;
  const open = await openUsual(id);
  if (open === null) return null;
  const { folder, worker } = open;
  try {
    await give(folder, text, worker);
    return seconds === undefined ? 0 : await follow(folder, seconds, worker);
  } finally {
    worker.close();
  }
}

/** Undefined: nothing is waited for. Null: there is more on the command line. */
function waitOf([flag, slice = String(WAIT_SLICE), ...more]: readonly string[]): number | null | undefined {
  if (flag === undefined) return undefined;
  return flag === "--wait" && more.length === 0 && /^\d{1,9}$/.test(slice) ? Number(slice) : null;
}

async function openUsual(id: string): Promise<{ readonly folder: string; readonly worker: UsualTalk } | null> {
  try {
    const folder = ownSession(id);
    if (folder === null || depthOf(ownEnvironment()) > 0 || !isNarrow(folder) || !nothingRuns()) return null;
    const worker = await talkTo(folder);
    return worker === null || worker === "none" ? null : { folder, worker };
  } catch {
    // Whatever it is, the general way meets it again, and has the words for it.
    return null;
  }
}

/** Nothing in the session's record goes beyond the workspace: where it does, the user is reminded of the flags. */
function isNarrow(folder: string): boolean {
  const first = JSON.parse(readPlainStart(sessionPaths(folder).events, FIRST_LINE).split("\n", 1)[0] ?? "");
  const sandbox = ["payload", "options", "plan", "sandbox"].reduce<unknown>(
    (at, name) => (isObject(at) ? at[name] : undefined),
    first,
  );
  if (!isObject(sandbox)) return false;
  const { mode, network, addDirs } = sandbox;
  const isUsual = [null, "read-only", "workspace-write"].some((usual) => usual === mode);
  return isUsual && network === false && Array.isArray(addDirs) && addDirs.length === 0;
}

// The options of a session; one whose first message comes with more of them takes the general way.
const FIRST_LINE = 65_536;

/** No run of ours is at work in any tree; where one is, whose tree it is in matters. */
function nothingRuns(): boolean {
  try {
    return readdirSync(join(stateFolder(), "live")).length === 0;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return true;
    throw error;
  }
}

async function give(folder: string, message: string, worker: UsualTalk): Promise<void> {
  const messageId = newId();
  const file = enqueue(sessionPaths(folder).queue, {
    message_id: messageId,
    message,
    mode: "queue",
    key: null,
    options: PLAIN,
  });
  const told = usualDelivery(await worker.ask({ type: "deliver", message_id: messageId }));
  const { delivered, pending_count } = told ?? (await bringAnew(folder, { messageId, file }));
  printAtOnce(
    lines([
      ["broker_id", basename(folder)],
      ["queued", true],
      ["pending_count", pending_count],
      ["delivered", delivered],
      ["message_id", messageId],
    ]),
  );
}

async function bringAnew(folder: string, message: { readonly messageId: string; readonly file: string }) {
  const [general, { workerProgram }, { tellRecovered }] = await Promise.all([
    import("../../broker/command/send-message.ts"),
    import("../edge/own-program.ts"),
    import("../broker/status.ts"),
  ]);
  const sent = await general.bringAnew(message, folder, workerProgram());
  if (sent.recovered) tellRecovered(folder);
  return sent;
}

/** To the end of the turn. Whatever else comes first, a question or the end of the slice, is reported by the general way. */
async function follow(folder: string, seconds: number, worker: UsualTalk): Promise<number> {
  const begun = Date.now();
  const over = seconds === 0 ? undefined : setTimeout(() => worker.close(), seconds * 1_000);
  try {
    let told = usualStatus(await worker.ask({ type: "watch" }));
    while (told !== null && !isSettled(told.state)) told = usualStatus(await worker.pushed());
    if (told !== null) {
      const keys = sessionText({ ...told, worker: "alive", recovered: false }) + progressText(told.state);
      printAtOnce(keys + lastAnswerText(told.state, Buffer.byteLength(keys)));
      return exitCodeOfSession(told.state);
    }
  } finally {
    clearTimeout(over);
    worker.close();
  }
  const { waitAfter } = await import("../broker/wait.ts");
  const left = seconds - (Date.now() - begun) / 1_000;
  return waitAfter(folder, seconds === 0 ? 0 : Math.max(left, LEAST_SECONDS));
}

// 0 would be for ever.
const LEAST_SECONDS = 0.001;
