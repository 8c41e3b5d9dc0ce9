import type { AppServer } from "../../codex/app-server.ts";
import type { CodexCommand } from "../../codex/find-codex.ts";
import type { OpenThread } from "../../codex/open-thread.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { EndOptions } from "../../process/end-processes.ts";
import type { Hold } from "../../process/hold.ts";
import type { ProcessEntry } from "../../process/table.ts";
import type { AskPlan } from "./plan.ts";
import type { StartContext } from "./start-context.ts";

/** A running Codex with a thread open in it, which no other process of ours may use meanwhile. */
export interface OpenCodex {
  readonly server: AppServer;
  readonly command: CodexCommand;
  readonly thread: OpenThread;
  readonly threadId: string;
  /** Codex's own record of the thread. */
  readonly rollout: string | null;
}

/** A Codex of our own, and the hold on its thread. */
export interface HeldCodex extends OpenCodex {
  readonly hold: Hold;
}

/** A Codex that is on its way. */
export interface StartedCodex<Open extends OpenCodex = OpenCodex> {
  /** Rejects with AskCodexError, or the signal's reason; no process is left behind then. */
  readonly opened: Promise<Open>;
}

/** Where a run gets its Codex from, and what becomes of it when the run is over. */
export interface CodexSource {
  /**
   * Starts Codex on the plan's thread. Resolves as soon as its process is there: while it starts there is time for other things. A
   * failure leaves no process behind.
   * @throws AskCodexError, or the signal's reason
   */
  start(plan: AskPlan, context: StartContext, paths: RunPaths): Promise<StartedCodex>;
  /**
   * Ends what the run has left running, and Codex itself unless it is kept for the next run. Resolves with what could not be
   * ended. When it is urgent, nothing is waited for. Asked again, it is the same ending.
   */
  settle(codex: OpenCodex, how?: EndOptions): Promise<readonly ProcessEntry[]>;
  /** The run is written down: the thread is free for others, unless it is kept. */
  release(codex: OpenCodex): Promise<void>;
}
