import { timeLimit, unlessAborted } from "../bounds/time-limit.ts";
import { AskCodexError } from "../errors.ts";
import { RUN_MARKER } from "../process/run-marker.ts";
import { type AppServer, type AppServerOptions, startAppServer } from "./app-server.ts";
import type { CodexCommand } from "./find-codex.ts";
import { type OpenThread, openThread, type WantedThread } from "./open-thread.ts";
import { whileStarting } from "./server-exit.ts";

export interface CodexOptions extends Pick<AppServerOptions, "cwd" | "env" | "runId" | "stderrPath"> {
  /** `key=value` overrides of the user's configuration. */
  readonly config: readonly string[];
}

/** Settings under which a thread works alone: no sub-agents, no goals, and no search that could carry code away. */
export const ALONE: readonly string[] = ["features.multi_agent=false", "features.goals=false", 'web_search="disabled"'];

/** Starts the app-server of a Codex that was found. Native questions are switched on; the flag's own warning is not. */
export function startCodex(command: CodexCommand, options: CodexOptions): AppServer {
  // Whatever the user's own policy keeps from commands: these find what a run has left and stop Codex from calling us back.
  const ours = { [RUN_MARKER]: options.runId, ASK_CODEX_DEPTH: options.env["ASK_CODEX_DEPTH"] ?? "1" };
  const config = [
    "features.default_mode_request_user_input=true",
    "suppress_unstable_features_warning=true",
    // A goal makes Codex begin one turn after the other by itself: a task is over when its turn is.
    "features.goals=false",
    ...Object.entries(ours).map(([name, value]) => `shell_environment_policy.set.${name}="${value}"`),
    ...options.config,
  ];
  const path = [...command.pathAdditions, options.env["PATH"] ?? ""].join(":");
  return startAppServer({
    ...options,
    program: command.program,
    args: [...command.args, "app-server", ...config.flatMap((override) => ["-c", override])],
    env: { ...options.env, PATH: path },
  });
}

// A fresh CODEX_HOME may wait up to 30 s for its database; a program that takes twice as long does not speak app-server at all.
const START_LIMIT_MS = 60_000;

/**
 * Opens the thread, unless the server ends first, or the signal comes, or nothing comes at all.
 * @throws AskCodexError, StartFailed; the signal's own reason when it was aborted
 */
export async function openWithin(
  server: AppServer,
  wanted: WantedThread,
  productVersion: string,
  signal: AbortSignal,
): Promise<OpenThread> {
  const limit = timeLimit([signal], START_LIMIT_MS);
  try {
    return await whileStarting(server, unlessAborted(openThread(server, wanted, productVersion), limit.signal));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (limit.expired())
      throw new AskCodexError("codex_incompatible", "Codex did not answer as an app-server within 60 s");
    throw error;
  } finally {
    limit.clear();
  }
}
