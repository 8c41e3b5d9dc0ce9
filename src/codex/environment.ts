import type { AppServer } from "./app-server.ts";
import type { ThreadAnswer } from "./messages.ts";
import type { ResolvedSettings } from "./settings.ts";

/** Another machine, on which the commands of a turn run and patches are written. */
export interface RemoteEnvironment {
  /** The folder here that the result is brought to. */
  readonly here: string;
  /** The folder of the work, over there. */
  readonly cwd: string;
  /** Settings that keep the work over there. */
  readonly config: readonly string[];
  /** What `turn/start` gets beside the settings as they are here. */
  readonly turn: object;
  /** The same for the thread, once Codex knows the machine. */
  join(server: AppServer, thread: "new" | "resume" | "fork"): Promise<object>;
  /** @throws AskCodexError `codex_incompatible` where Codex's answer to a new thread shows that it would work here */
  requireThere(answer: ThreadAnswer): void;
  /** The settings on Codex's record of a turn over there, in the words for one here whose folder is `cwd`. */
  recordAsHere(got: ResolvedSettings, cwd: string): ResolvedSettings;
  /** The same of its notice. */
  noticeAsHere(got: ResolvedSettings, cwd: string): ResolvedSettings;
}

/** A path of the work over there as the one here that stands for it, or the other way round; any other path as it is. */
export function pathBetween(path: string, from: string, to: string): string {
  return path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
}
