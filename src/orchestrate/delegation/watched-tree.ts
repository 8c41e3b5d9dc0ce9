import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ListedChanges } from "../../ask/model/evidence.ts";
import { registerRun } from "../../ask/model/live-runs.ts";
import type { StartContext } from "../../ask/model/start-context.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { beginFacts, type DoneWork, gatherFacts } from "../../handoff/facts/gather-facts.ts";
import { judge } from "../../handoff/judge/judge.ts";
import { NOT_JUDGED } from "../../handoff/run/contract-reviewer.ts";
import type { Judged } from "../../handoff/run/outcome.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import { compareSnapshots } from "../../workspace/snapshot/compare.ts";
import { keepSnapshot } from "../../workspace/snapshot/kept-snapshot.ts";
import { takeSnapshot } from "../../workspace/snapshot/snapshot.ts";

/** A work tree from before the work of one delegation until it is judged. */
export interface WatchedTree {
  /** The work tree before the work, as a git tree whose new objects are in the private folder. */
  readonly before: string;
  /** The private folder. */
  readonly snapshots: string;
  /** All that has changed by now, whatever changed it. */
  changes(signal: AbortSignal): Promise<ListedChanges>;
  /** Holds these changes against a contract, and runs its validation commands. */
  judge(contract: Contract, work: JudgedWork): Promise<Judged>;
  /** The delegation no longer works in the tree; the private folder goes. */
  close(): Promise<void>;
}

interface JudgedWork extends Pick<DoneWork, "changes" | "checking" | "sandbox" | "trusted"> {
  readonly signal: AbortSignal;
}

export interface WatchOptions {
  readonly contract: Contract;
  readonly tree: WorkTree;
  /** The delegation's own folder. */
  readonly folder: string;
  /** The full path of the request as a document. */
  readonly document: string;
  readonly id: string;
  readonly context: Pick<StartContext, "state" | "owner" | "env" | "signal">;
}

/** Records the work tree as it is before the work. */
export async function watchTree(options: WatchOptions): Promise<WatchedTree> {
  const { contract, tree, folder, document, id, context } = options;
  const { state, owner, env, signal } = context;
  const snapshots = join(folder, "snapshot");
  await makePrivateFolder(snapshots);
  const registration = await registerRun(state, { ...owner, runId: id, workTree: tree.root });
  const close = async () => {
    // The work is not to blame for what fails here (a full disk).
    await rm(snapshots, { recursive: true, force: true }).catch(() => {});
    await registration.finish();
  };
  const place = { tree, snapshots, document, records: [], signal };
  try {
    let settings = await readSettings(tree, signal);
    const before = await takeSnapshot(tree, snapshots, signal, { settings });
    await keepSnapshot(snapshots, before);
    const baseline = await beginFacts(contract, { ...place, settings });
    return {
      before: before.tree,
      snapshots,
      async changes(until) {
        settings = await readSettings(tree, until);
        const after = await takeSnapshot(tree, snapshots, until, { settings });
        const changes = await compareSnapshots({ tree, folder: snapshots }, before, after, until);
        const alsoRunning = await registration.beside();
        const trees = { before: before.tree, after: after.tree };
        return { ...changes, type: "listed", root: tree.root, alsoRunning, trees };
      },
      async judge(held, { signal: until, ...work }) {
        const run = { ...work, env, folder, deeds: null, round: 0, known: new Map<string, boolean>() };
        const gathered = await gatherFacts(held, { ...place, settings, signal: until }, baseline, run);
        const { facts, ignoredTrees, standing } = gathered;
        return { ...NOT_JUDGED, facts, ignoredTrees, standing, findings: judge(held, facts) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
