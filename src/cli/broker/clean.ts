import { cleanState } from "../../broker/command/clean-state.ts";
import { isTooLong, parseDuration } from "../../text/words.ts";
import { timeFault } from "../command/line-faults.ts";
import { rootFolder, stateFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";

/** `codex_broker clean`: a line for each folder that goes, or stays although it is old. */
export async function clean({
  olderThan,
  dryRun,
}: {
  readonly olderThan: string;
  readonly dryRun: boolean;
}): Promise<number> {
  const { removed, kept } = await cleanState(rootFolder(), stateFolder(), Date.now() - ageMs(olderThan), dryRun);
  for (const path of removed) writeOut(`${dryRun ? "would_remove" : "removed"}=${path}\n`);
  for (const { path, reason } of kept) writeOut(`kept=${path} (${reason})\n`);
  writeOut(`count=${removed.length}\n`);
  return 0;
}

/** A small number alone was hardly meant as seconds, and what is removed is gone. */
const LEAST_BARE_MS = 60_000;

function ageMs(age: string): number {
  const ms = parseDuration(age);
  if (ms === null || isTooLong(age) || (/^\d+$/.test(age) && ms < LEAST_BARE_MS))
    throw timeFault("--older-than", age, "7d, 12h or 30m");
  return ms;
}
