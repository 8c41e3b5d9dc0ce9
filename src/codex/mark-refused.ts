import type { CommandRun } from "./command-run.ts";
import type { Sandbox } from "./settings.ts";

/**
 * Tells commands that the sandbox stopped from those that merely failed. Codex leaves out the item of a refused command only
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
