import { type CountedRun, type CountedRuns, LED, type Traits } from "./counted-run.ts";
import { type Delegated, delegatedIn } from "./delegated.ts";
import { sum } from "./numbers.ts";
import { Days, type Period } from "./periods.ts";
import { type Figures, type Share, Tally } from "./tally.ts";

export interface Group {
  /** Null: the runs that have none. */
  readonly name: string | null;
  readonly figures: Figures;
}

export interface Stats {
  /** When the first and the last of these runs began. */
  readonly first: string | null;
  readonly last: string | null;
  readonly overall: Figures;
  /** How many batches these runs were tasks of. */
  readonly batches: number;
  /** By how they ended. Groups are in order of their runs: most first. */
  readonly endings: readonly { readonly status: string; readonly runs: number }[];
  readonly periods: readonly Period[];
  /** What orchestrations handed on; null: nothing. */
  readonly delegated: Delegated | null;
  /** Who led whom; none where Codex never led. */
  readonly directions: readonly Group[];
  readonly roles: readonly Group[];
  readonly models: readonly Group[];
  readonly projects: readonly Group[];
}

export type TargetName = "completed" | "inScope" | "firstPass";

/** What rates are compared with: each should be higher than this. */
export const TARGETS: Readonly<Record<TargetName, number>> = { completed: 0.95, inScope: 0.95, firstPass: 0.9 };

/** Whether a rate is what it should be; null where there is none. */
export function meetsTarget(name: TargetName, { rate }: Share): boolean | null {
  return rate === null ? null : rate > TARGETS[name];
}

export interface Selection {
  /** Runs that began at this time or later; null: all. */
  readonly since: Date | null;
  /** Null: every project. */
  readonly project: string | null;
}

/** The figures of the runs that were selected. Each is looked at once, and none is kept: there may be tens of thousands. */
export function statsOf(runs: CountedRuns, { since, project }: Selection): Stats {
  const from = since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const tallies = new Map<Traits, Tally>();
  const days = new Days();
  const delegations: CountedRun[] = [];
  runs.each((run) => {
    if (run.time < from || (project !== null && run.traits.project !== project)) return;
    const tally = tallies.get(run.traits) ?? new Tally();
    if (tally.runs === 0) tallies.set(run.traits, tally);
    tally.add(run);
    days.add(run);
    if (run.task !== null) delegations.push(run);
  });
  const by = (nameOf: (traits: Traits) => string | null) => groupsOf(tallies, nameOf);
  const directions = by(({ direction }) => direction);
  return {
    first: dated(days.first),
    last: dated(days.last),
    overall: Tally.figures([...tallies.values()]),
    batches: new Set([...tallies.keys()].flatMap(({ batch }) => batch ?? [])).size,
    endings: by(({ status }) => status).map(({ name, runs: count }) => ({ status: name ?? "", runs: count })),
    periods: days.periods(),
    delegated: delegatedIn(delegations),
    directions: directions.every(({ name }) => name === LED) ? [] : directions.map(withFigures),
    roles: by(({ role }) => role).map(withFigures),
    models: by(({ model }) => model).map(withFigures),
    projects: by((traits) => traits.project).map(withFigures),
  };
}

function dated(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

interface Counted {
  readonly name: string | null;
  readonly runs: number;
  readonly tallies: readonly Tally[];
}

function withFigures({ name, tallies }: Counted): Group {
  return { name, figures: Tally.figures(tallies) };
}

/** The biggest first; what has no name comes last among equals. */
function groupsOf(all: ReadonlyMap<Traits, Tally>, nameOf: (traits: Traits) => string | null): readonly Counted[] {
  const groups = new Map<string | null, Tally[]>();
  for (const [traits, tally] of all) {
    const members = groups.get(nameOf(traits));
    if (members === undefined) groups.set(nameOf(traits), [tally]);
    else members.push(tally);
  }
  const order = ({ name }: Counted) => name ?? "\uffff";
  return [...groups]
    .map(([name, tallies]) => ({ name, runs: sum(tallies.map(({ runs }) => runs)), tallies }))
    .sort((a, b) => b.runs - a.runs || (order(a) < order(b) ? -1 : 1));
}
