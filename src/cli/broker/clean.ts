import { cleanState } from "../../broker/command/clean-state.ts";
import { UsageError } from "../../errors.ts";
import { rootFolder } from "../command/session-place.ts";
import { stateFolder } from "../edge/folders.ts";
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

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function ageMs(age: string): number {
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(age) ?? [];
  const ms = UNITS[unit];
  if (count === undefined || ms === undefined)
    throw new UsageError(`--older-than ${age} is no age: use 7d, 12h or 30m.`);
  return Number(count) * ms;
}
