import { together } from "../../workspace/git/git.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import { compareSnapshots, type WorkTreeChanges } from "../../workspace/snapshot/compare.ts";
import {
  compareIgnored,
  type IgnoredFilter,
  type IgnoredTree,
  recordIgnored,
} from "../../workspace/snapshot/ignored-tree.ts";
import { type Snapshot, takeSnapshot } from "../../workspace/snapshot/snapshot.ts";
import { brokenRecords, type Records, recordsAt } from "../../workspace/watch/records.ts";
import { brokenSeals, type Seals, sealFiles } from "../../workspace/watch/seals.ts";
import { type Staged, stagedNow, unstaged } from "../../workspace/watch/staged.ts";
import { changedFiles } from "./changed-files.ts";
import type { ChangedFile, Disturbance } from "./facts.ts";

/** What must stay as it is while commands run that may start what Codex wrote. */
export interface Standing {
  readonly snapshot: Snapshot;
  readonly seals: Seals;
  /** The ignored files that scope.forbid names; null: it names none. */
  readonly ignored: IgnoredTree | null;
  /** The run's own records in the state folder. */
  readonly records: Records;
  /** What the user has staged. */
  readonly staged: Staged;
}

export interface SecondLook {
  readonly work: PrivateWork;
  readonly filter: IgnoredFilter | null;
  /** The document and the policy. */
  readonly sealed: readonly (string | null)[];
  /** Files of the run in the state folder, by full path. */
  readonly records: readonly string[];
}

/** How everything is that must stay, at `earlier` as well: with the hooks that were git's then, and what was staged, if the index is the same. */
export async function standing(
  { work, filter, sealed, records }: SecondLook,
  earlier: Standing | null = null,
): Promise<Standing> {
  const { tree, folder, signal } = work;
  const settings = await readSettings(tree, signal);
  const hooks = earlier?.seals.hooks;
  const [snapshot, seals, ignored, staged] = await together([
    takeSnapshot(tree, folder, signal, { settings }),
    // Every setting only while commands run: over a whole run the user may well change their own.
    sealFiles(tree, { files: sealed, settings, everySetting: true, ...(hooks === undefined ? {} : { hooks }), signal }),
    filter === null ? Promise.resolve(null) : recordIgnored(work, filter, null),
    stagedNow(tree, earlier?.staged ?? null, signal),
  ]);
  return { snapshot, seals, ignored, records: recordsAt(records), staged };
}

/** How everything is after a command, and what of it is not as it was before; null: nothing. */
export async function lookAgain(
  look: SecondLook,
  before: Standing,
  command: string,
): Promise<{ readonly now: Standing; readonly disturbance: Disturbance | null }> {
  const { tree, folder, signal } = look.work;
  const now = await standing(look, before);
  const changes = await compareSnapshots({ tree, folder }, before.snapshot, now.snapshot, signal);
  const own = await filesBetween(look.work, before, now, changes);
  const disturbance: Disturbance = {
    command,
    sealed: [
      ...brokenSeals(before.seals, now.seals),
      ...brokenRecords(before.records),
      // A commit takes out what it commits.
      ...(changes.headMoved === null && unstaged(before.staged, now.staged) ? ["the index"] : []),
    ],
    headMoved: changes.headMoved,
    refsMoved: changes.refsMoved,
    files: own,
  };
  const quiet = disturbance.sealed.length + disturbance.refsMoved.length + own.length === 0;
  return { now, disturbance: quiet && disturbance.headMoved === null ? null : disturbance };
}

async function filesBetween(
  work: PrivateWork,
  before: Standing,
  now: Standing,
  changes: Pick<WorkTreeChanges, "files">,
): Promise<readonly ChangedFile[]> {
  const trees = { before: before.snapshot.tree, after: now.snapshot.tree };
  const pair =
    before.ignored === null || now.ignored === null
      ? null
      : {
          files: await compareIgnored(work, before.ignored, now.ignored),
          trees: { before: before.ignored.tree, after: now.ignored.tree },
          wasIgnored: () => false,
        };
  return changedFiles(work, { files: changes.files, trees }, pair, []);
}
