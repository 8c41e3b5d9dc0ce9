import type { ListedChanges } from "../../src/ask/model/evidence.ts";
import type { Contract } from "../../src/handoff/document/handoff.ts";
import { beginFacts, type FactsOptions, type Gathered, gatherFacts } from "../../src/handoff/facts/gather-facts.ts";
import { compareSnapshots } from "../../src/workspace/snapshot/compare.ts";
import { takeSnapshot } from "../../src/workspace/snapshot/snapshot.ts";
import { type Repository, scratchFolder, workTreeOf } from "./git/repository.ts";

export interface Work extends Gathered {
  readonly changes: ListedChanges;
  readonly place: FactsOptions;
  /** The run's own folder. */
  readonly folder: string;
  /** The validation commands, as they were begun. */
  readonly begun: readonly string[];
}

/** What is found after work in a repository, in one round for each edit; `document`: its full path. */
export async function workIn(
  repository: Repository,
  contract: Contract,
  edits: readonly (() => unknown)[],
  document: string | null = null,
): Promise<Work[]> {
  const tree = await workTreeOf(repository.root);
  const [snapshots, folder] = [scratchFolder("snapshots"), scratchFolder("run")];
  const place: FactsOptions = { tree, snapshots, document, records: [], signal: new AbortController().signal };
  const before = await takeSnapshot(tree, snapshots);
  let baseline = await beginFacts(contract, place);
  const rounds: Work[] = [];
  const known = new Map<string, boolean>();
  for (const [round, edit] of edits.entries()) {
    await edit();
    const after = await takeSnapshot(tree, snapshots);
    const trees = { before: before.tree, after: after.tree };
    const listed = await compareSnapshots({ tree, folder: snapshots }, before, after);
    const changes: ListedChanges = { type: "listed", root: tree.root, alsoRunning: [], trees, ...listed };
    const begun: string[] = [];
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder };
    const work = {
      changes,
      env,
      sandbox: null,
      folder,
      round,
      known,
      deeds: null,
      checking: (command: string) => begun.push(command),
    };
    const gathered = await gatherFacts(contract, place, baseline, work);
    baseline = (await gathered.next()) ?? baseline;
    rounds.push({ ...gathered, changes, place, folder, begun });
  }
  return rounds;
}
