import type { ListedChanges } from "../../ask/model/evidence.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { together } from "../../workspace/git/git.ts";
import { type PrivateWork, privateGit } from "../../workspace/git/private-git.ts";
import { openPrivateIndex } from "../../workspace/git/private-index.ts";
import { fieldsOf, textOf } from "../../workspace/git/raw-names.ts";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import { readSettings, type Settings } from "../../workspace/git/read-settings.ts";
import type { HeadMove } from "../../workspace/snapshot/compare.ts";
import type { KnownDeeds } from "../../workspace/watch/attribution.ts";
import { brokenSeals, type Seals, sealFiles } from "../../workspace/watch/seals.ts";
import type { Contract } from "../document/handoff.ts";
import { namesSiblings, type Sibling, siblingsIn } from "../source/siblings.ts";
import { missingAmong, readChangesDocument } from "./asked-files.ts";
import { changedFiles } from "./changed-files.ts";
import { commandFiles } from "./command-files.ts";
import type { Facts } from "./facts.ts";
import { forbiddenFilter, judgedFilter } from "./ignored-filter.ts";
import { beginIgnored, type IgnoredWatch, lookAtIgnored, type TreePair } from "./ignored-watch.ts";
import { interfaceTexts } from "./interface-texts.ts";
import { looseJudges } from "./loose-judges.ts";
import { withoutOthers } from "./others-edits.ts";
import { disturbed, formerRemarks, looseRemarks, meanwhileRemarks, remarksOn } from "./remarks.ts";
import { lookAtRunners, runnersAt } from "./runners.ts";
import { type Standing, standing } from "./second-look.ts";
import { beginSubmodules, lookAtSubmodules, type SubmoduleWatch } from "./submodule-watch.ts";
import { validateWork } from "./validate.ts";
import type { ValidationOptions } from "./validation.ts";

/** Where the work is done and looked at. */
export interface FactsOptions {
  readonly tree: WorkTree;
  /** The private folder of the run's snapshots. */
  readonly snapshots: string;
  /** The full path of the document, wherever it lies; null: there is no document to seal. */
  readonly document: string | null;
  /** The run's own records in the state folder, by full path: validation commands must leave them alone. */
  readonly records: readonly string[];
  readonly signal: AbortSignal;
  /** Where the configuration was read just now, to spare a git. */
  readonly settings?: Settings;
}

/** What the work is compared with, beside the work tree's own snapshot. */
export interface Baseline {
  readonly seals: Seals;
  readonly ignored: IgnoredWatch;
  readonly submodules: SubmoduleWatch;
  /** What validation commands go through, by path: what it holds, as a hash; null: nothing is there. */
  readonly runners: ReadonlyMap<string, string | null>;
  /** Expected files that were not there before the work. */
  readonly missing: readonly string[];
}

/** Work that was done, to be looked at. */
export interface DoneWork
  extends Pick<ValidationOptions, "env" | "sandbox" | "trusted" | "folder" | "round" | "checking"> {
  readonly changes: ListedChanges;
  /** What Codex did to files, or may have done; null: that is not known, and every change is the work's. */
  readonly deeds: KnownDeeds | null;
  /** What commands came to on the state before the work, by that state and the command; grows. */
  readonly known: Map<string, boolean>;
}

export interface Gathered {
  readonly facts: Facts;
  /** For the look after the next turn, if there is one: what validation commands leave behind is not Codex's doing. */
  readonly next: () => Promise<Baseline | null>;
  /** The ignored files before and after, put back like the others; null: there was no look before. */
  readonly ignoredTrees: TreePair | null;
  /** How everything was that must stay, after the last command; null: nothing follows. */
  readonly standing: Standing | null;
}

/** Before Codex starts: notes the sealed files, what git ignores and what is in submodules. Writes nothing outside of `snapshots`. */
export async function beginFacts(contract: Contract, place: FactsOptions): Promise<Baseline> {
  const { tree, document, signal } = place;
  // No snapshot was taken of a run that cannot write, and git works with no folder that is not there.
  await openPrivateIndex(tree, place.snapshots);
  const settings = place.settings ?? (await readSettings(tree, signal));
  const work = privateWork(place, settings);
  const [seals, ignored, submodules, runners, missing] = await together([
    sealFiles(tree, { files: [document, contract.policy], settings, signal }),
    beginIgnored(work, judgedFilter(contract)),
    beginSubmodules(work),
    runnersAt(tree, commandFiles(tree.root, contract.handoff.validation)),
    missingAmong(tree, contract.handoff.expectFiles),
  ]);
  return { seals, ignored, submodules, runners, missing };
}

/** After a turn: all that the judge must know. Without a baseline the work was there before we were: nothing is sealed then. */
export async function gatherFacts(
  contract: Contract,
  place: FactsOptions,
  baseline: Baseline | null,
  { changes: all, known, deeds, ...run }: DoneWork,
): Promise<Gathered> {
  const { tree, document, signal } = place;
  const { handoff } = contract;
  const sealed = [document, contract.policy];
  const settings = place.settings ?? (await readSettings(tree, signal));
  const work = privateWork(place, settings);
  const look = (watch: IgnoredWatch) => lookAtIgnored(work, judgedFilter(contract), watch, all.trees.before);
  const [seals, ignored, submodules] =
    baseline === null
      ? [null, null, null]
      : await together([
          sealFiles(tree, { files: sealed, hooks: baseline.seals.hooks, settings, signal }),
          look(baseline.ignored),
          lookAtSubmodules(work, baseline.submodules),
        ]);
  const { changes, isWork, ...own } = withoutOthers(all, ignored, deeds);
  const contents = async ({ files, trees }: Pick<ListedChanges, "files" | "trees">) => ({
    files: await changedFiles(work, { files: files.filter(isWork), trees }, own.ignored, submodules?.files ?? []),
    interfaceFiles: await interfaceTexts(work, trees, handoff.interfaces),
  });
  const [found, missingFiles, changesDoc] = await Promise.all([
    contents(changes),
    missingAmong(tree, handoff.expectFiles),
    readChangesDocument(tree, handoff.changesDoc),
  ]);
  const runners = await lookAtRunners(contract, work, baseline?.runners ?? null, { ...found, trees: changes.trees });
  // Last: commands may make or change files, and that is not Codex's doing.
  const again = { work, filter: forbiddenFilter(contract), sealed, records: place.records };
  const at = { ...run, known, scripts: runners.scripts, workspace: tree.root, signal };
  const validated = await validateWork(contract, at, again, changes);
  const { validation: ran, disturbances, former, trees } = validated;
  const { files, interfaceFiles } = trees === changes.trees ? found : await contents(validated);
  // A command that we ended ourselves says nothing of the work.
  const validation = signal.aborted ? ran.filter(({ exitCode }) => exitCode !== null) : ran;
  const facts: Facts = {
    files,
    idle: files.length === 0 && !baseline?.missing.some((path) => !missingFiles.includes(path)),
    trees,
    disturbances,
    former,
    headMoved: changes.headMoved && describeHeadMove(changes.headMoved),
    refsMoved: changes.refsMoved,
    runnersChanged: runners.changed,
    sealChanged: baseline && seals ? brokenSeals(baseline.seals, seals) : [],
    interfaceFiles,
    siblings: files.some(({ path }) => namesSiblings(path)) ? await siblingsBefore(work, trees) : [],
    validation,
    missingFiles,
    changesDoc,
    meanwhile: own.meanwhile,
    mixed: own.mixed,
    remarks: [
      ...(await remarksOn(contract, work, files, ignored)),
      ...meanwhileRemarks(own),
      ...disturbed(contract, files, disturbances),
      ...formerRemarks(former),
      ...looseRemarks(looseJudges(files, handoff.validation, former?.paths ?? [])),
    ],
  };
  const later = async (): Promise<Baseline | null> => {
    if (ignored === null || seals === null || submodules === null) return null;
    const missing = baseline?.missing ?? [];
    if (ran.length === 0)
      return { missing, runners: runners.first, seals, ignored: ignored.watch, submodules: submodules.watch };
    const { since } = (await look(ignored.watch)).watch;
    const inside = (await lookAtSubmodules(work, submodules.watch)).watch.since;
    return {
      missing,
      runners: await runnersAt(tree, [...runners.first.keys()]),
      seals: await sealFiles(tree, { files: sealed, signal }),
      ignored: { ...ignored.watch, since },
      submodules: { ...submodules.watch, since: inside },
    };
  };
  // There is no turn after a cancelled one, and what was found must not be lost over that look.
  const next = () =>
    later().catch((error) => {
      if (!signal.aborted) throw error;
      return null;
    });
  const last = validated.standing ?? (handoff.commit === null ? null : await standing(again));
  return { facts, next, ignoredTrees: ignored?.trees ?? null, standing: last };
}

function privateWork({ tree, snapshots, signal }: FactsOptions, { filters }: Settings): PrivateWork {
  return { tree, folder: snapshots, filters, signal };
}

async function siblingsBefore(work: PrivateWork, { before }: TreePair): Promise<readonly Sibling[]> {
  const names = fieldsOf(await privateGit(work, "index")(["ls-tree", "-r", "-z", "--name-only", before]));
  return siblingsIn(await readBlobs(work, before, names.map(textOf).filter(namesSiblings)));
}

function describeHeadMove({ from, to, fromBranch, toBranch }: HeadMove): string {
  const place = (commit: string | null, branch: string | null) =>
    `${commit?.slice(0, 12) ?? "no commit"} (${branch ?? "no branch"})`;
  return `${place(from, fromBranch)} to ${place(to, toBranch)}`;
}
