import type { RemoteEnvironment } from "../../codex/environment.ts";
import type { CodexCommand } from "../../codex/find-codex.ts";
import type { CheckOptions, CheckRun } from "../../process/run-check.ts";

/** Another machine that a run works on; its workspace here is where the result is brought to, and judged. */
export interface Elsewhere {
  readonly environment: RemoteEnvironment;
  /** The Codex over there, with a login of its own; null: the one here works there. */
  readonly codex: CodexThere | null;
  /** Runs a check over there. Rejects when it does not begin. */
  check(command: string, options: Pick<CheckOptions, "limitMs" | "outputPath" | "signal">): Promise<CheckRun>;
  /** Makes the workspace here what the one over there is now. */
  bring(signal: AbortSignal): Promise<void>;
}

/** A Codex on another machine that is spoken to from here. */
export interface CodexThere {
  /** What it is, for people: the program, and the machine. */
  readonly program: string;
  /** What is started here to speak to it, as if it were the program itself. */
  readonly command: CodexCommand;
  /** Around the start, so that few log in at once. */
  starting<T>(start: () => Promise<T>): Promise<T>;
  /** Copies Codex's record of a thread, a file over there, to one here. What cannot be reached is not copied. */
  copyRecord(from: string, to: string): Promise<void>;
  /** Told when it ends in the middle. */
  gone(): void;
}
