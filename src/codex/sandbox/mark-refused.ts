import type { CommandRun } from "../command-run.ts";
import type { Sandbox } from "../settings.ts";

/**
 * Separates commands that the sandbox stopped from those that merely failed. Codex leaves out the item of a refused command only
 * when the refusal comes before it has noted the command as begun, so the same command is at one time without an item and at
 * another a failed one; what the kernel said decides.
 */
export function markRefused(commands: readonly CommandRun[], { mode }: Sandbox): readonly CommandRun[] {
  if (mode === "danger-full-access") return commands;
  return commands.map((command) =>
    command.status === "failed" && KERNEL_REFUSED.test(command.outputTail)
      ? { ...command, status: "refused" }
      : command,
  );
}

/** EROFS is what bubblewrap's mounts answer, EPERM what seccomp and macOS's Seatbelt do. */
const KERNEL_REFUSED = /Read-only file system|Operation not permitted/i;

/**
 * The sandbox itself could not be set up (no user namespaces, no bubblewrap that may run): what it said, when no command got to run
 * for it; null when one did, or none was tried.
 */
export function sandboxFault(commands: readonly CommandRun[]): string | null {
  if (commands.length === 0 || !commands.every(({ status }) => status === "failed" || status === "refused"))
    return null;
  const faults = commands.map(({ outputTail }) => CANNOT_START.exec(outputTail.trimStart())?.[0] ?? null);
  return faults.includes(null) ? null : (faults[0] ?? null);
}

/** The first words of a launcher that has failed; a command of the model's own that fails says something else, or says it later. */
const CANNOT_START =
  /^(?:bwrap: |sandbox-exec: |(?:error: )?(?:failed|unable) to (?:apply|set up|start)[^\n]*sandbox)[^\n]*/i;
