import type { Environment } from "../../process/environment.ts";
import { redirectingVariables } from "../../process/git-variables.ts";

const forgotten: Record<string, string> = {};

/**
 * Takes out of our environment what must not reach any program of ours: where a git hook's repository is (it would point git
 * elsewhere, also hours later in a worker), and an empty or relative HOME, below which files would land in the current folder.
 */
export function tidyEnvironment(): void {
  for (const name of redirectingVariables(process.env)) {
    forgotten[name] = process.env[name] ?? "";
    delete process.env[name];
  }
  if (process.env["HOME"] !== undefined && !process.env["HOME"].startsWith("/")) delete process.env["HOME"];
}

/** The environment we were called with, whole: `childEnvironment` passes on what it names to be kept, and nothing else of it. */
export function callersEnvironment(): Environment {
  return { ...process.env, ...forgotten };
}

/** The environment that this program and what it starts for itself have. */
export function ownEnvironment(): Environment {
  return process.env;
}

/** Claude Code's own folder, where the user has moved it. */
export function claudeFolder(): string | undefined {
  return process.env["CLAUDE_CONFIG_DIR"];
}

/** The queue's password: in its address every user of this machine could read it. */
export function queuePassword(): string | undefined {
  return process.env["ASK_CODEX_QUEUE_PASSWORD"] || undefined;
}
