import type { SandboxRequest } from "../../ask/model/plan.ts";
import { inBatches } from "../../bounds/in-batches.ts";
import { readQueue } from "../../broker/store/message.ts";
import type { SessionPaths } from "../../broker/store/session-paths.ts";
import { covers, flagsOf, type Wide } from "../../broker/store/wide.ts";
import type { SandboxMode } from "../../codex/settings.ts";
import { UsageError } from "../../errors.ts";
import { folder } from "./flag-values.ts";
import type { WideFlags } from "./turn-options.ts";

/**
 * What the flags of a command grant beyond the workspace.
 * @throws UsageError for flags that contradict each other
 */
export async function wideFrom(
  { network, addDir }: WideFlags,
  sandboxMode: SandboxMode | null,
  cwd: string,
): Promise<Wide> {
  const [flag] = [...(network ? ["--network"] : []), ...addDir.map(() => "--add-dir")];
  if (sandboxMode === "read-only" && flag !== undefined)
    throw new UsageError(`${flag} needs workspace-write, and this message is read-only.`);
  return { sandboxMode, network, addDirs: await inBatches(addDir, (path) => folder("--add-dir", path, cwd)) };
}

/** The messages whose flags a command gives again. */
export function grantedBy(given: Wide, { queue }: SessionPaths): readonly string[] {
  const { waiting } = readQueue(queue);
  return waiting.filter(({ options }) => covers(given, options)).map(({ message_id }) => message_id);
}

/** The flags that a session was once given and this command was not; null where there are none. */
export function forgone(given: Wide, { mode, network, addDirs }: SandboxRequest): string | null {
  const once = { sandboxMode: mode, network, addDirs };
  return given.sandboxMode === "read-only" || covers(given, once) ? null : flagsOf(once).join(" ");
}

/** For a line on stderr. */
export function withoutFlags(flags: string): string {
  return `Earlier permissions do not carry over: each flag applies to one command. To allow it again, add: ${flags}`;
}
