import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type BatchPaths, batchPaths, readSchedule } from "../../batch/schedule/journal.ts";
import type { Schedule } from "../../batch/schedule/schedule.ts";
import { messageOf } from "../../errors.ts";
import { namesIn } from "../../files/names-in.ts";
import { SAFE_ID } from "../../files/state-paths.ts";
import { holderOf } from "../../process/hold.ts";
import type { Cleaning } from "./clean-reviews.ts";

export interface Cleaned {
  /** Folders that were removed, or would be. */
  readonly removed: readonly string[];
  /** Old ones that stay, and why. */
  readonly kept: readonly { readonly path: string; readonly reason: string }[];
}

/** Removes old batches whose results are where they were wanted, or that have none. */
export async function cleanBatches(state: string, { before, dryRun, touched }: Cleaning): Promise<Cleaned> {
  const removed: string[] = [];
  const kept: { path: string; reason: string }[] = [];
  for (const id of await namesIn(join(state, "batches"))) {
    if (!SAFE_ID.test(id)) continue;
    const paths = batchPaths(state, id);
    if (((await touched(paths.events)) || (await touched(paths.folder))) >= before) continue;
    const reason = await whyKept(paths, id);
    if (reason !== null) kept.push({ path: paths.folder, reason });
    else {
      if (!dryRun) await rm(paths.folder, { recursive: true, force: true });
      removed.push(paths.folder);
    }
  }
  return { removed, kept };
}

async function whyKept(paths: BatchPaths, id: string): Promise<string | null> {
  if ((await holderOf(paths.hold)) !== null) return "a process carries it out";
  try {
    return holds(readSchedule(paths, id));
  } catch (error) {
    return messageOf(error);
  }
}

/** What of it is nowhere else, in words; null: nothing is. */
function holds({ tasks, landed, begun }: Schedule): string | null {
  const all = [...tasks.values()];
  if (all.some(({ phase, now }) => phase !== "ended" && now !== null && now.worktree !== null))
    return "the worktree of an interrupted task may hold its work";
  if (landed !== null || !begun.options.worktrees) return null;
  const patches = all.filter(({ result }) => result !== null && result.patch !== null);
  return patches.length === 0 ? null : "its patches are not in the work tree";
}
