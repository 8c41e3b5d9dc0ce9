import { AskCodexError, type ErrorKind } from "../errors.ts";
import type { AppServer } from "./app-server.ts";
import { RpcError } from "./connection.ts";
import {
  accountAnswer,
  configAnswer,
  initializeAnswer,
  type ThreadAnswer,
  threadAnswer,
  threadReadAnswer,
} from "./messages.ts";
import { requireSupported, versionOf } from "./version.ts";

/** Which thread a run works on. */
export type ThreadTarget =
  | { readonly type: "new"; readonly cwd: string; readonly model: string | null }
  | { readonly type: "resume"; readonly threadId: string }
  | { readonly type: "fork"; readonly threadId: string };

export interface OpenThread {
  readonly answer: ThreadAnswer;
  readonly codexVersion: string;
  /** How Codex is logged in (`chatgpt`, `apiKey`, …); null with a provider of the user's own. */
  readonly login: string | null;
  /** Folders that the user's own configuration makes writable in every workspace-write turn, whatever the turn says. */
  readonly usersRoots: readonly string[];
}

/** One message after another would cost three round trips; Codex takes them in one write. */
export async function openThread(server: AppServer, target: ThreadTarget, productVersion: string): Promise<OpenThread> {
  const { connection } = server;
  const clientInfo = { name: "ask_codex", title: null, version: productVersion };
  const hello = connection.request(
    "initialize",
    { clientInfo, capabilities: { experimentalApi: true } },
    initializeAnswer,
  );
  connection.notify("initialized");
  const account = connection.request("account/read", {}, accountAnswer);
  const thread = connection.request(...threadRequest(target), threadAnswer);
  // Without a folder: what a trusted repository's own `.codex` adds is not the user's word.
  const config = connection.request("config/read", {}, configAnswer).catch(() => null);
  // The first failure in this order is the one that explains the others.
  const [, , opened] = await Promise.allSettled([hello, account, thread]);
  const codexVersion = versionOf((await hello).userAgent);
  requireSupported(codexVersion);
  const refusal = opened.status === "rejected" ? threadRefused(opened.reason, target) : null;
  // A configuration that cannot be read names no provider either, and so reads like a missing login.
  if (refusal instanceof AskCodexError && refusal.kind === "config") throw refusal;
  const login = await account;
  if (!login.account && login.requiresOpenaiAuth) throw new AskCodexError("auth", "Codex is not logged in");
  if (refusal !== null) throw refusal;
  const answer = await thread;
  const usersRoots = (await config)?.config.sandbox_workspace_write?.writable_roots ?? [];
  return { answer, codexVersion, login: login.account?.type ?? null, usersRoots };
}

/** Where Codex keeps its record of a thread that need not be open. */
export async function rolloutOf({ connection }: AppServer, threadId: string): Promise<string | null> {
  const { thread } = await connection.request("thread/read", { threadId }, threadReadAnswer);
  return thread.path ?? null;
}

/**
 * Every thread is opened read-only and gets its write access by the turn: `thread/start` with workspace-write would write the
 * repository down as trusted in the user's config.toml and start what its own `.codex` folder names.
 */
function threadRequest(target: ThreadTarget): [method: string, params: unknown] {
  const safe = { sandbox: "read-only", approvalPolicy: "never" };
  switch (target.type) {
    case "new":
      return ["thread/start", { ...safe, cwd: target.cwd, model: target.model }];
    case "resume":
      return ["thread/resume", { ...safe, threadId: target.threadId, excludeTurns: true }];
    case "fork":
      return ["thread/fork", { ...safe, threadId: target.threadId, excludeTurns: true }];
  }
}

function threadRefused(error: unknown, target: ThreadTarget): unknown {
  if (!(error instanceof RpcError)) return error;
  const kind = REFUSALS.find(([sentence]) => sentence.test(error.message))?.[1] ?? "protocol";
  const id = target.type === "new" ? "" : target.threadId;
  const message = kind === "session_unknown" ? `Codex knows no session ${id}` : error.message;
  return new AskCodexError(kind, message, { cause: error });
}

const REFUSALS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/no rollout found|invalid (?:session|thread) id|thread not found/i, "session_unknown"],
  [/already has an active writer/i, "session_busy"],
  [/failed to load config/i, "config"],
];
