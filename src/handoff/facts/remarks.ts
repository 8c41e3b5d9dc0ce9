import { oneLine } from "../../text/defuse.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import { listIgnored, wantedIn } from "../../workspace/snapshot/ignored-tree.ts";
import type { Contract } from "../document/handoff.ts";
import { pathPattern } from "../patterns/patterns.ts";
import type { ChangedFile, Disturbance, Facts, FormerTests } from "./facts.ts";
import { ignoredFilter } from "./ignored-filter.ts";
import type { IgnoredLook } from "./ignored-watch.ts";
import type { LooseJudges } from "./loose-judges.ts";

/** What a verdict says nothing about, in sentences. `ignored` is null if there was no look before the work. */
export async function remarksOn(
  { handoff }: Contract,
  work: PrivateWork,
  files: readonly ChangedFile[],
  ignored: IgnoredLook | null,
): Promise<readonly string[]> {
  const forbid = handoff.scope.forbid.map(pathPattern);
  const made = [...new Set(ignored?.watch.made)].filter((path) => !forbid.some(({ matches }) => matches(path)));
  const unseen = ignored === null ? await forbiddenAndIgnored(work, forbid) : [];
  const submodules = files.flatMap(({ path, inside }) => (inside === undefined ? [] : [path]));
  return [
    ...(made.length === 0
      ? []
      : [
          `By rules from before the work git ignores what it made at ${few(made)}; that was not judged, and will be in no commit.`,
        ]),
    ...(unseen.length === 0
      ? []
      : [
          `scope.forbid names files that git ignores (${few(unseen)}); how they were before the work is not known, so they were not judged.`,
        ]),
    ...(submodules.length === 0
      ? []
      : [`What was changed in a submodule is not committed there, and will be in no commit here: ${few(submodules)}.`]),
  ];
}

/** Tracked files that are not the work's and changed while a validation command ran; scope.forbid has a rule of its own. */
export function disturbed(
  { handoff }: Contract,
  work: readonly ChangedFile[],
  disturbances: readonly Disturbance[],
): readonly string[] {
  const own = new Set(work.map(({ path }) => path));
  const forbid = handoff.scope.forbid.map(pathPattern);
  return disturbances.flatMap(({ command, files }) => {
    const paths = files
      .filter(({ kind, ignored }) => !ignored && kind !== "added")
      .map(({ path, from = path }) => from)
      .filter((path) => !own.has(path) && !forbid.some(({ matches }) => matches(path)));
    return paths.length === 0
      ? []
      : [
          `While \`${oneLine(command, 80)}\` ran, files changed that are not this work's, and are in no commit: ${few(paths)}.`,
        ];
  });
}

/** What was left out when the former tests were run, and that configuration was changed. */
export function formerRemarks(former: FormerTests | null): readonly string[] {
  if (former === null) return [];
  const { paths, configuration, excepted, failed, unable } = former;
  return [
    ...(excepted.length === 0
      ? []
      : [`As a task says, these tests did not judge as they were before: ${few(excepted)}.`]),
    ...(unable === null ? [] : [`The former tests (${few(paths)}) could not judge the work: ${oneLine(unable, 200)}.`]),
    ...(configuration.length === 0 || failed.length > 0 || unable !== null
      ? []
      : [
          `validation_changed: The work changed what decides the verdict (${few(configuration)}); as it was before it accepts the work too.`,
        ]),
  ];
}

/** What checks go by, and what was not tried as it was before the work. */
export function looseRemarks({ files, switches, inCode }: LooseJudges): readonly string[] {
  return [
    ...(files.length === 0 ? [] : [`The work changed what its checks go by, untried as it was before: ${few(files)}.`]),
    ...(switches.length === 0 ? [] : [`New marks switch a checker, or code, off: ${few(switches)}.`]),
    ...(inCode.length === 0
      ? []
      : [`Tests that stand in the code do something else now, untried as they were: ${few(inCode)}.`]),
  ];
}

async function forbiddenAndIgnored(
  work: PrivateWork,
  forbid: Parameters<typeof ignoredFilter>[0],
): Promise<readonly string[]> {
  const filter = ignoredFilter(forbid);
  if (filter === null) return [];
  return (await listIgnored(work)).flatMap((name) => wantedIn(work.tree, name, filter)).map(textOf);
}

function few(names: readonly string[]): string {
  return `${names.slice(0, MOST_NAMED).join(", ")}${names.length > MOST_NAMED ? ", …" : ""}`;
}

const MOST_NAMED = 10;

/** What someone else changed while Codex worked. */
export function meanwhileRemarks({ meanwhile, mixed }: Pick<Facts, "meanwhile" | "mixed">): readonly string[] {
  const others = meanwhile.filter((path) => !mixed.has(path));
  return [
    ...(others.length === 0
      ? []
      : [
          `Changed while Codex worked, and not by it: ${few(others)}. That was not judged, is in no commit, and stays as it is.`,
        ]),
    ...(mixed.size === 0
      ? []
      : [
          `Changed by Codex, and by another process or user after it: ${few([...mixed])}. That was judged, and is not undone.`,
        ]),
  ];
}
