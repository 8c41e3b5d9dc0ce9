import { dirname } from "node:path";
import { childEnvironment } from "../../process/environment.ts";
import type { SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import type { WorkerContext } from "./context.ts";
import type { Leading } from "./leading.ts";
import type { RunContext } from "./take-message.ts";

interface Parts extends Pick<RunContext, "codex" | "attendant" | "progress" | "signal"> {
  readonly paths: SessionPaths;
  readonly log: SessionLog;
  readonly leading: Leading | null;
}

/** What a run of the session is given. */
export function runContextOf(context: WorkerContext, { paths, log, leading, ...parts }: Parts): RunContext {
  const { env, granted: _granted, lead: _lead, ...given } = context;
  return {
    ...given,
    ...parts,
    sessions: dirname(paths.folder),
    home: paths.folder,
    snapshots: paths.snapshot,
    toolbox: leading?.toolbox ?? null,
    reviewer: null,
    finalReviewer: null,
    askToYield: async () => false,
    env: childEnvironment(env, log.state.options.environment),
  };
}
