import { AskCodexError } from "../errors.ts";
import type { AppServer } from "./app-server.ts";
import { accountAnswer, configAnswer, initializeAnswer } from "./messages.ts";
import { requireSupported, versionOf } from "./version.ts";

export interface Handshake {
  /** Rejects when Codex is too old for us. */
  readonly version: Promise<string>;
  /** Rejects with `auth` when Codex needs a login and has none: so it does with a configuration that it cannot read, too. */
  readonly login: Promise<Login>;
}

/** How Codex is logged in (`chatgpt`, `apiKey`, …); none with a provider of the user's own. */
type Login = { readonly type: "account"; readonly account: string | null } | { readonly type: "none" };

/** Says who we are, and asks for version and login in the same write; further requests may follow at once. */
export function shakeHands({ connection }: AppServer, productVersion: string): Handshake {
  const clientInfo = { name: "ask_codex", title: null, version: productVersion };
  const hello = { clientInfo, capabilities: { experimentalApi: true } };
  const version = connection.request("initialize", hello, initializeAnswer).then(({ userAgent }) => {
    const found = versionOf(userAgent);
    requireSupported(found);
    return found;
  });
  connection.notify("initialized");
  const login = connection.request("account/read", {}, accountAnswer).then(({ account, requiresOpenaiAuth }): Login => {
    if (account) return { type: "account", account: account.type ?? null };
    if (requiresOpenaiAuth) throw new AskCodexError("auth", "Codex is not logged in");
    return { type: "none" };
  });
  // The caller waits for one after the other: the first failure explains the others.
  for (const answer of [version, login]) answer.catch(() => {});
  return { version, login };
}

/**
 * Folders that the user's own configuration makes writable in every workspace-write turn, whatever the turn says. Asked without
 * a folder: what a trusted repository's own `.codex` adds is not the user's word. Rejects when the configuration cannot be read.
 */
export async function configuredRoots({ connection }: AppServer): Promise<readonly string[]> {
  const { config } = await connection.request("config/read", {}, configAnswer);
  return config.sandbox_workspace_write?.writable_roots ?? [];
}
