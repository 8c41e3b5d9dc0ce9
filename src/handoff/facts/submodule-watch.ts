import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { changedIn, lookIntoSubmodules, type Submodule } from "../../workspace/snapshot/submodules.ts";
import type { ChangedFile } from "./facts.ts";

type Submodules = ReadonlyMap<string, Submodule>;

/** What is in the submodules, from one look to the next. */
export interface SubmoduleWatch {
  readonly first: Submodules;
  /** At the end of the last look. */
  readonly since: Submodules;
  /** The paths that some turn has changed. */
  readonly touched: ReadonlySet<string>;
}

export async function beginSubmodules(work: PrivateWork): Promise<SubmoduleWatch> {
  const first = await lookIntoSubmodules(work);
  return { first, since: first, touched: new Set() };
}

/** Submodules in which the work has changed something that is not committed there; each is one change, with what is in it. */
export async function lookAtSubmodules(
  work: PrivateWork,
  { first, since, touched: before }: SubmoduleWatch,
): Promise<{ readonly watch: SubmoduleWatch; readonly files: readonly ChangedFile[] }> {
  const now = await lookIntoSubmodules(work);
  const latest = await changes(work, since, now);
  const touched = new Set([...before, ...[...latest.values()].flat()]);
  const all = since === first ? latest : await changes(work, first, now);
  const files = [...all].flatMap(([path, names]): ChangedFile[] => {
    const inside = names.filter((name) => touched.has(name));
    return inside.length === 0 ? [] : [{ ...UNKNOWN, path, inside }];
  });
  return { watch: { first, since: now, touched }, files };
}

/** What has changed, from the root of the work tree, by the submodule that the repository itself has. */
async function changes(
  { signal }: PrivateWork,
  before: Submodules,
  after: Submodules,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const changed = new Map<string, readonly string[]>();
  for (const [path, submodule] of after) {
    const names = await changedIn(before.get(path), submodule, signal);
    const full = names.map((name) => (name === "" ? path : `${path}/${name}`));
    if (full.length > 0) changed.set(submodule.top, [...(changed.get(submodule.top) ?? []), ...full]);
  }
  return changed;
}

const UNKNOWN = {
  kind: "changed",
  added: null,
  removed: null,
  before: null,
  after: null,
  hunks: [],
  ignored: false,
} as const;
