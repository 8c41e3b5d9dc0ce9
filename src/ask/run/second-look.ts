import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { WorkTreeChanges } from "../../workspace/snapshot/compare.ts";
import type { Records } from "../../workspace/watch/records.ts";
import type { Seals } from "../../workspace/watch/seals.ts";
import type { CheckResult } from "../model/checks.ts";
import type { Evidence } from "../model/evidence.ts";

/** What must stay while a check runs, as it was before the check. */
export interface Watch {
  readonly records: Records;
  /** Null: there is no git work tree, or it cannot be read. */
  readonly git: { readonly tree: WorkTree; readonly seals: Seals } | null;
}

interface WatchOptions {
  readonly workspace: string;
  /** The run's own records in the state folder, by full path. */
  readonly records: readonly string[];
  readonly signal: AbortSignal;
}

/** Notes what a check must leave alone. Never rejects for what git says: the check is run all the same. */
export async function beginWatch({ workspace, records, signal }: WatchOptions): Promise<Watch> {
  const { recordsAt } = await import("../../workspace/watch/records.ts");
  return { records: recordsAt(records), git: await sealsAt(workspace, signal) };
}

/**
 * Looks again after a command that ran code of Codex's, outside the sandbox. A hook, git's configuration, HEAD, a ref or a record of the
 * run that changed is a failure; files that are not new are named. Null: there is nothing to say.
 */
export async function secondLook(
  command: string,
  { records, git }: Watch,
  evidence: Evidence,
  signal: AbortSignal,
): Promise<CheckResult | null> {
  const { brokenRecords } = await import("../../workspace/watch/records.ts");
  const changes = await evidence.disown(signal);
  const sealed = git === null ? [] : await brokenSince(git.tree, git.seals, signal);
  // What moved beside other runs may be theirs.
  const moved = changes === null || !(await evidence.alone()) ? [] : movesIn(changes);
  const broken = [...sealed, ...brokenRecords(records), ...moved];
  const files = changes?.files.flatMap(({ kind, path }) => (kind === "added" ? [] : [path])) ?? [];
  if (broken.length + files.length === 0) return null;
  const detail = [...broken.map((what) => `${what} (had to stay)`), ...files].join("\n");
  const passed = broken.length === 0;
  return { type: "second_look", subject: command, passed, exitCode: null, durationMs: null, detail };
}

function movesIn({ headMoved, refsMoved }: WorkTreeChanges): readonly string[] {
  return [...(headMoved === null ? [] : ["HEAD"]), ...refsMoved.map(({ ref }) => `the ref ${ref}`)];
}

async function sealsAt(workspace: string, signal: AbortSignal): Promise<Watch["git"]> {
  const [{ findWorkTree }, { sealFiles }] = await modules();
  try {
    const tree = await findWorkTree(workspace, signal);
    return tree === undefined
      ? null
      : { tree, seals: await sealFiles(tree, { files: [], everySetting: true, signal }) };
  } catch {
    // The evidence says why a work tree cannot be read.
    return null;
  }
}

async function brokenSince(tree: WorkTree, before: Seals, signal: AbortSignal): Promise<readonly string[]> {
  const [, { brokenSeals, sealFiles }] = await modules();
  try {
    return brokenSeals(before, await sealFiles(tree, { files: [], hooks: before.hooks, everySetting: true, signal }));
  } catch {
    return signal.aborted ? [] : ["what git is configured with (it cannot be read any more)"];
  }
}

/** Few runs need them. */
function modules() {
  return Promise.all([import("../../workspace/git/find-work-tree.ts"), import("../../workspace/watch/seals.ts")]);
}
