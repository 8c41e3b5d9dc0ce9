import type { LedgerEntry } from "./ledger.ts";

/** What the figures need of an entry, and nothing else: `stats` works on these alone. */
export interface CountedRun {
  /** When it began, in milliseconds since 1970. */
  readonly time: number;
  readonly elapsedMs: number;
  /** Null: it reported none. */
  readonly tokens: number | null;
  readonly rounds: number;
  /** What the executor of a delegation cost; null: not known. */
  readonly priceUsd: number | null;
  /** The task that it is a delegation of; null: it is not one. */
  readonly task: string | null;
  readonly traits: Traits;
}

/** What many runs have in common: of tens of thousands there are some hundred different ones, each of them one object. */
export interface Traits {
  readonly status: string;
  /** No one was asked for anything meanwhile. */
  readonly alone: boolean;
  /** Null: it had no checks. */
  readonly firstPass: boolean | null;
  /** Null: not a handoff, or its changes are not known. */
  readonly inScope: boolean | null;
  /** Who led whom, in words. */
  readonly direction: string;
  readonly project: string | null;
  readonly role: string | null;
  readonly model: string | null;
  readonly batch: string | null;
}

/** Runs that are gone through one by one, in the order they were written. None need be in memory. */
export interface CountedRuns {
  readonly count: number;
  each(see: (run: CountedRun) => void): void;
}

/** The runs that entries are of. */
export function countedRuns(entries: readonly LedgerEntry[]): CountedRuns {
  const known = new Map<string, Traits>();
  const runs = entries.map((entry) => countedRun(entry, known));
  return {
    count: runs.length,
    each(see) {
      for (const run of runs) see(run);
    },
  };
}

/** The runs of both, one after the other. */
export function joined(first: CountedRuns, then: CountedRuns): CountedRuns {
  return {
    count: first.count + then.count,
    each(see) {
      first.each(see);
      then.each(see);
    },
  };
}

/** The rules whose violation is work outside of the scope; the others are about how the work was done. */
export const SCOPE_RULES: readonly string[] = ["scope", "forbidden", "lines", "max_files", "max_lines"];

/** Codex does what it was asked for: the usual direction. */
export const LED = "Codex is led";

function countedRun(entry: LedgerEntry, known: Map<string, Traits>): CountedRun {
  const traits = traitsOf(entry);
  const key = JSON.stringify(traits);
  const shared = known.get(key) ?? traits;
  known.set(key, shared);
  return {
    time: Date.parse(entry.time),
    elapsedMs: entry.elapsed_ms,
    tokens: entry.tokens?.total ?? null,
    rounds: entry.repair_rounds,
    priceUsd: entry.list_price_usd ?? null,
    task: entry.kind === "delegation" ? taskOf(entry) : null,
    traits: shared,
  };
}

function traitsOf(entry: LedgerEntry): Traits {
  const { handoff, files_changed, kind, status, project, role, model } = entry;
  const judged = handoff !== null && files_changed !== null;
  return {
    status,
    alone: entry.asked === 0,
    firstPass: entry.first_pass,
    inScope: judged ? !handoff.violations.some((rule) => SCOPE_RULES.includes(rule)) : null,
    direction: directionOf(kind),
    project,
    role,
    model,
    batch: entry.batch ?? null,
  };
}

function directionOf(kind: LedgerEntry["kind"]): string {
  if (kind === "orchestration") return "Codex leads";
  return kind === "delegation" ? "delegated by Codex" : LED;
}

/** Without its orchestration an id says nothing: another one may have given it, too. */
function taskOf({ orchestration, run_id, handoff }: LedgerEntry): string {
  return JSON.stringify(orchestration === undefined ? [run_id] : [orchestration, handoff?.task_id]);
}
