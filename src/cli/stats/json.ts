import { type Group, meetsTarget, type Stats, TARGETS, type TargetName } from "../../ledger/stats.ts";
import type { Figures, Share } from "../../ledger/tally.ts";

/** The version of the object below. A key that goes or changes its meaning raises it; a new key does not. */
const SCHEMA_VERSION = 1;

export interface StatsFrame {
  readonly since: Date | null;
  readonly project: string | null;
  /** Lines of the ledger that could not be read. */
  readonly skipped: number;
  readonly ledger: string;
  /** Where the page was written to; null: nowhere. */
  readonly html: string | null;
}

/** The object of `ask_codex stats --json`. */
export function statsJson(stats: Stats, { since, project, skipped, ledger, html }: StatsFrame) {
  return {
    schema_version: SCHEMA_VERSION,
    ledger,
    skipped_lines: skipped,
    since: since?.toISOString() ?? null,
    project,
    html_path: html,
    first: stats.first,
    last: stats.last,
    targets: { completed: TARGETS.completed, in_scope: TARGETS.inScope, first_pass: TARGETS.firstPass },
    overall: figures(stats.overall),
    batches: stats.batches,
    endings: stats.endings,
    periods: stats.periods,
    delegated: stats.delegated && {
      tasks: stats.delegated.tasks,
      delegations: stats.delegated.delegations,
      median_ms: stats.delegated.medianMs,
      priced: stats.delegated.priced,
      list_price_usd: stats.delegated.listPriceUsd,
      list_price_mean_usd: stats.delegated.listPriceMeanUsd,
    },
    by_direction: stats.directions.map(group),
    by_role: stats.roles.map(group),
    by_model: stats.models.map(group),
    by_project: stats.projects.map(group),
  };
}

function group(one: Group) {
  return { name: one.name, ...figures(one.figures) };
}

function figures(of: Figures) {
  return {
    runs: of.runs,
    completed: rate("completed", of.completed),
    in_scope: rate("inScope", of.inScope),
    first_pass: rate("firstPass", of.firstPass),
    rounds_mean: of.roundsMean,
    median_ms: of.medianMs,
    p90_ms: of.p90Ms,
    tokens: of.tokens,
    tokens_mean: of.tokensMean,
  };
}

function rate(name: TargetName, share: Share) {
  return { ...share, met: meetsTarget(name, share) };
}
