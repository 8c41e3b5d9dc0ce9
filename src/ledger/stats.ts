import { type Delegated, delegatedIn } from "./delegated.ts";
import type { LedgerEntry } from "./ledger.ts";
import { mean, median, sum } from "./numbers.ts";
import { type Period, periodsOf } from "./periods.ts";

/** A part of those that it could have been. */
export interface Share {
  readonly hits: number;
  readonly of: number;
  /** Null where there is nothing to count. */
  readonly rate: number | null;
}

/** What is counted of some runs; null where there is nothing to count. */
export interface Figures {
  readonly runs: number;
  /** Runs that were completed, and no one was asked for anything meanwhile. */
  readonly completed: Share;
  /** Handoffs whose work was looked at, and stayed in scope. */
  readonly inScope: Share;
  /** Runs with checks, all of which held before any repair. */
  readonly firstPass: Share;
  /** Repair rounds of a run with checks. */
  readonly roundsMean: number | null;
  readonly medianMs: number | null;
  /** The time that nine of ten runs do not exceed. */
  readonly p90Ms: number | null;
  /** Of all runs together that reported any. */
  readonly tokens: number | null;
  readonly tokensMean: number | null;
}

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

/** The rules whose violation is work outside of the scope; the others are about how the work was done. */
export const SCOPE_RULES: readonly string[] = ["scope", "forbidden", "lines", "max_files", "max_lines"];

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

/** The figures of the runs that were selected. */
export function statsOf(entries: readonly LedgerEntry[], { since, project }: Selection): Stats {
  const chosen = entries
    .filter((entry) => since === null || Date.parse(entry.time) >= since.getTime())
    .filter((entry) => project === null || entry.project === project);
  const times = Float64Array.from(chosen, ({ time }) => Date.parse(time)).sort();
  return {
    first: dated(times[0]),
    last: dated(times.at(-1)),
    overall: figuresOf(chosen),
    batches: new Set(chosen.flatMap(({ batch }) => batch ?? [])).size,
    endings: grouped(chosen, ({ status }) => status).map(([status, { length: runs }]) => ({ status, runs })),
    periods: periodsOf(
      chosen.map((entry) => ({
        time: Date.parse(entry.time),
        completed: isCompleted(entry),
        tokens: entry.tokens?.total ?? 0,
      })),
    ),
    delegated: delegatedIn(chosen),
    directions: chosen.some((entry) => directionOf(entry) !== LED) ? groupsBy(chosen, directionOf) : [],
    roles: groupsBy(chosen, ({ role }) => role),
    models: groupsBy(chosen, ({ model }) => model),
    projects: groupsBy(chosen, (entry) => entry.project),
  };
}

const LED = "Codex is led";

function directionOf({ kind }: LedgerEntry): string {
  if (kind === "orchestration") return "Codex leads";
  return kind === "delegation" ? "delegated by Codex" : LED;
}

function dated(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

function figuresOf(entries: readonly LedgerEntry[]): Figures {
  const judged = entries.filter(({ handoff, files_changed }) => handoff !== null && files_changed !== null);
  const checked = entries.filter(({ first_pass }) => first_pass !== null);
  // Sorted as numbers without a call for each comparison: a ledger may have tens of thousands of lines.
  const times = Float64Array.from(entries, ({ elapsed_ms }) => elapsed_ms).sort();
  const tokens = entries.flatMap((entry) => entry.tokens?.total ?? []);
  return {
    runs: entries.length,
    completed: share(entries, isCompleted),
    inScope: share(judged, ({ handoff }) => !handoff?.violations.some((rule) => SCOPE_RULES.includes(rule))),
    firstPass: share(checked, ({ first_pass }) => first_pass === true),
    roundsMean: mean(checked.map(({ repair_rounds }) => repair_rounds)),
    medianMs: median(times),
    p90Ms: times[Math.ceil(times.length * 0.9) - 1] ?? null,
    tokens: tokens.length === 0 ? null : sum(tokens),
    tokensMean: mean(tokens),
  };
}

function isCompleted({ status, asked }: LedgerEntry): boolean {
  return status === "completed" && asked === 0;
}

function share(entries: readonly LedgerEntry[], isHit: (entry: LedgerEntry) => boolean): Share {
  const hits = entries.filter(isHit).length;
  return { hits, of: entries.length, rate: entries.length === 0 ? null : hits / entries.length };
}

function groupsBy(entries: readonly LedgerEntry[], keyOf: (entry: LedgerEntry) => string | null): readonly Group[] {
  return grouped(entries, keyOf).map(([name, members]) => ({ name, figures: figuresOf(members) }));
}

/** The biggest first; what has no name comes last among equals. */
function grouped<Key extends string | null>(
  entries: readonly LedgerEntry[],
  keyOf: (entry: LedgerEntry) => Key,
): readonly (readonly [Key, readonly LedgerEntry[]])[] {
  const groups = new Map<Key, LedgerEntry[]>();
  for (const entry of entries) {
    const members = groups.get(keyOf(entry));
    if (members === undefined) groups.set(keyOf(entry), [entry]);
    else members.push(entry);
  }
  const order = (key: Key) => (key === null ? "\uffff" : key);
  return [...groups].sort(([a, some], [b, others]) => others.length - some.length || (order(a) < order(b) ? -1 : 1));
}
