import type { RemoteEnvironment } from "../../codex/environment.ts";
import type { CheckOptions, CheckRun } from "../../process/run-check.ts";

/** Another machine that a run works on; its workspace here is where the result is brought to, and judged. */
export interface Elsewhere {
  readonly environment: RemoteEnvironment;
  /** Runs a check over there. Rejects when it does not begin. */
  check(command: string, options: Pick<CheckOptions, "limitMs" | "outputPath" | "signal">): Promise<CheckRun>;
  /** Makes the workspace here what the one over there is now. */
  bring(signal: AbortSignal): Promise<void>;
}
