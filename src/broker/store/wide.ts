import type { SandboxMode } from "../../codex/settings.ts";
import { shellQuoted } from "../../text/quote.ts";
import type { Queued } from "./message.ts";

/** What goes beyond the workspace: full access, the network, other folders. A record of it grants nothing; a flag does, each time. */
export interface Wide {
  readonly sandboxMode: SandboxMode | null;
  readonly network: boolean;
  readonly addDirs: readonly string[];
}

/** The flags that grant it; none where nothing goes beyond the workspace. */
export function flagsOf({ sandboxMode, network, addDirs }: Wide): readonly string[] {
  return [
    ...(sandboxMode === "danger-full-access" ? ["--sandbox danger-full-access"] : []),
    ...(network ? ["--network"] : []),
    ...addDirs.map((folder) => `--add-dir ${shellQuoted(folder)}`),
  ];
}

/** Whether what a command was given now covers what a message was given when it was sent. */
export function covers(given: Wide, wanted: Wide): boolean {
  const flags = flagsOf(given);
  return flagsOf(wanted).every((flag) => flags.includes(flag));
}

/** The messages that a worker must not take up by itself: another process has the flags by which they may go beyond the workspace. */
export function ungranted(waiting: readonly Queued[], granted: readonly string[]): ReadonlySet<string> {
  const wide = waiting.filter(({ options }) => flagsOf(options).length > 0).map(({ message_id }) => message_id);
  return new Set(wide.filter((id) => !granted.includes(id)));
}
