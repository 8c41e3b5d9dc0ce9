import * as z from "zod/mini";
import { parseJson } from "../../files/json-line.ts";
import type { RemoteEnvironment } from "../environment.ts";
import { accountAnswer } from "../messages.ts";
import type { ResolvedSettings } from "../settings.ts";

/** Codex itself is on the other machine. Its sub-agents are off: their records would lie there. */
export function workThere({ here, cwd }: Pick<RemoteEnvironment, "here" | "cwd">): RemoteEnvironment {
  const asHere = (got: ResolvedSettings, own: string) => ({ ...got, cwd: got.cwd === cwd ? own : got.cwd });
  return {
    ...{ here, cwd, turn: { cwd } },
    config: ["features.multi_agent=false"],
    join: async (_, thread) => (thread === "new" ? { cwd } : {}),
    requireThere: () => {},
    recordAsHere: asHere,
    noticeAsHere: asHere,
  };
}

/** Lines that ask an app-server who is logged in; the answer is the one with the id 2. */
export const ASKS_WHO: readonly string[] = [
  { id: 1, method: "initialize", params: { clientInfo: { name: "ask_codex", title: null, version: "0" } } },
  { method: "initialized" },
  { id: 2, method: "account/read", params: {} },
].map((message) => JSON.stringify(message));

const answerLine = z.object({ result: accountAnswer });

/** Whether the provider of that answer needs a login and has none; null: it is not an answer. */
export function lacksLogin(line: string): boolean | null {
  const answer = answerLine.safeParse(parseJson(line));
  if (!answer.success) return null;
  const { account, requiresOpenaiAuth } = answer.data.result;
  return requiresOpenaiAuth && !account;
}
