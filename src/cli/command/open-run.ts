import type { AskContext } from "../../ask/model/context.ts";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { newId } from "../../files/state-paths.ts";
import { childEnvironment } from "../../process/environment.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { callersEnvironment } from "../edge/environment.ts";
import { rootFolder } from "../edge/folders.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { VERSION } from "../edge/version.ts";
import { openProgress } from "../output/open-progress.ts";
import type { ProgressLines } from "../output/progress-lines.ts";

export interface RunFlags {
  readonly quiet: boolean;
  readonly cleanEnv: boolean;
  readonly keepEnv: readonly string[];
}

/** What a run of this process is given: from now on signals cancel it, and progress goes to stderr. */
export async function openRun(
  { quiet, cleanEnv, keepEnv }: RunFlags,
  state: string,
): Promise<{ readonly context: AskContext; readonly progress: ProgressLines }> {
  const signal = cancelOnSignals();
  const progress = await openProgress(quiet);
  const runId = newId();
  const context = {
    state,
    sessions: rootFolder(),
    home: state,
    runId,
    snapshots: null,
    owner: await ownHolder(runId),
    codex: ownCodex(),
    attendant: null,
    toolbox: null,
    reviewer: null,
    finalReviewer: null,
    askToYield: async (holder: Parameters<AskContext["askToYield"]>[0]) =>
      (await import("../../broker/command/give-way.ts")).giveWay(holder),
    env: childEnvironment(callersEnvironment(), { clean: cleanEnv, keep: keepEnv }),
    search: codexSearch(),
    version: VERSION,
    signal,
    progress,
  };
  return { context, progress };
}
