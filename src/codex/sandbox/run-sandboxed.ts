import { type CheckOptions, type CheckRun, runCheck } from "../../process/run-check.ts";
import type { CodexCommand } from "../find-codex.ts";

/**
 * Runs a shell command as `runCheck` does; where a Codex is given, inside Codex's own sandbox: the command can write in its folder and
 * in temporary folders, not in git's own, `.codex` or `.agents`, and has no network, not even on this machine. The user's configuration
 * cannot widen that. Rejects when the sandbox does not start. A command that is ended from outside may leave empty folders behind, as
 * in a turn: see `missingMountPoints`.
 */
export function runSandboxed(
  codex: CodexCommand | null,
  command: string,
  options: Omit<CheckOptions, "launcher">,
): Promise<CheckRun> {
  if (codex === null) return runCheck(command, options);
  const launcher = [codex.program, ...codex.args, "sandbox", "-P", ":workspace", "-C", options.cwd];
  return runCheck(command, { ...options, launcher });
}
