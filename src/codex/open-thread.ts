import { timeLimit, unlessAborted } from "../bounds/time-limit.ts";
import { AskCodexError } from "../errors.ts";
import type { AppServer } from "./app-server.ts";
import { explainRefusal } from "./classify-problem.ts";
import { RpcError } from "./connection.ts";
import type { RemoteEnvironment } from "./environment.ts";
import { configuredRoots, shakeHands } from "./handshake.ts";
import { anyAnswer, type ThreadAnswer, threadAnswer, threadReadAnswer } from "./messages.ts";
import { whileStarting } from "./server-exit.ts";
import type { Tool } from "./tools.ts";

/** Which thread a run works on. */
export type ThreadTarget =
  | { readonly type: "new"; readonly cwd: string; readonly model: string | null; readonly tools: readonly Tool[] }
  | { readonly type: "resume"; readonly threadId: string }
  | { readonly type: "fork"; readonly threadId: string };

/** A thread, and the machine that it works on; null: it is this one. */
export interface WantedThread {
  readonly target: ThreadTarget;
  readonly environment: RemoteEnvironment | null;
}

export interface OpenThread {
  readonly answer: ThreadAnswer;
  readonly codexVersion: string;
  /** How Codex is logged in (`chatgpt`, `apiKey`, …); null with a provider of the user's own. */
  readonly login: string | null;
  /** Folders that the user's own configuration makes writable in every workspace-write turn, whatever the turn says. */
  readonly usersRoots: readonly string[];
}

// A fresh CODEX_HOME may wait up to 30 s for its database; a program that takes twice as long does not speak app-server at all.
const START_LIMIT_MS = 60_000;

/**
 * Opens the thread, unless the server ends first, or the signal comes, or nothing comes at all.
 * @throws AskCodexError, StartFailed; the signal's own reason when it was aborted
 */
export async function openThread(
  server: AppServer,
  wanted: WantedThread,
  productVersion: string,
  signal: AbortSignal,
): Promise<OpenThread> {
  const limit = timeLimit([signal], START_LIMIT_MS);
  try {
    return await whileStarting(server, unlessAborted(askForThread(server, wanted, productVersion), limit.signal));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (limit.expired())
      throw new AskCodexError("codex_incompatible", "Codex did not answer as an app-server within 60 s");
    throw error;
  } finally {
    limit.clear();
  }
}

/** One message after another would cost three round trips; Codex takes them in one write. */
async function askForThread(server: AppServer, wanted: WantedThread, productVersion: string): Promise<OpenThread> {
  const { connection } = server;
  const { target, environment } = wanted;
  const { version, login } = shakeHands(server, productVersion);
  const thread =
    environment === null
      ? connection.request(...threadRequest(target, {}), threadAnswer)
      : environment
          .join(server, target.type)
          .then((there) => connection.request(...threadRequest(target, there), threadAnswer));
  const roots = configuredRoots(server).catch(() => []);
  // The first failure in this order is the one that explains the others.
  const [, , opened] = await Promise.allSettled([version, login, thread]);
  const codexVersion = await version;
  const refusal = opened.status === "rejected" ? threadRefused(opened.reason, target) : null;
  // A configuration that cannot be read names no provider either, and so reads like a missing login.
  if (refusal instanceof AskCodexError && refusal.kind === "config") throw refusal;
  const account = await login;
  if (refusal !== null) throw refusal;
  const answer = await thread;
  if (target.type === "new") environment?.requireThere(answer);
  const signedIn = account.type === "account" ? account.account : null;
  return { answer, codexVersion, login: signedIn, usersRoots: await roots };
}

/** Where Codex keeps its record of a thread that need not be open. */
export async function rolloutOf({ connection }: AppServer, threadId: string): Promise<string | null> {
  const { thread } = await connection.request("thread/read", { threadId }, threadReadAnswer);
  return thread.path ?? null;
}

/** Ends the commands of a thread that outlive their turn; that they have ended is not waited for. */
export function endLeftCommands({ connection }: AppServer, threadId: string): void {
  connection.request("thread/backgroundTerminals/clean", { threadId }, anyAnswer).catch(() => {});
}

/**
 * Every thread is opened read-only and gets its write access by the turn: `thread/start` with workspace-write would write the
 * repository down as trusted in the user's config.toml and start what its own `.codex` folder names.
 */
function threadRequest(target: ThreadTarget, there: object): [method: string, params: unknown] {
  const safe = { sandbox: "read-only", approvalPolicy: "never" };
  switch (target.type) {
    case "new": {
      const { cwd, model, tools } = target;
      const dynamicTools = tools.map((tool) => ({ type: "function", ...tool }));
      return ["thread/start", { ...safe, cwd, model, ...(dynamicTools.length > 0 && { dynamicTools }), ...there }];
    }
    case "resume":
      return ["thread/resume", { ...safe, threadId: target.threadId, excludeTurns: true, ...there }];
    case "fork":
      return ["thread/fork", { ...safe, threadId: target.threadId, excludeTurns: true, ...there }];
  }
}

function threadRefused(error: unknown, target: ThreadTarget): unknown {
  if (!(error instanceof RpcError)) return error;
  const refusal = explainRefusal(error);
  if (refusal.kind !== "session_unknown" || target.type === "new") return refusal;
  return new AskCodexError("session_unknown", `Codex knows no session ${target.threadId}`, { cause: error });
}
