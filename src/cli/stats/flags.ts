import type { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { makeCommand, parseCommand } from "../command/parse-command.ts";

/** What `ask_codex stats` was asked for. */
export interface StatsFlags {
  readonly since: Date | null;
  /** A folder of the project; null: every project. */
  readonly project: string | null;
  readonly json: boolean;
  readonly html: string | null;
}

/** The command as commander knows it: the documents are held against it. */
export function statsCommand(): Command {
  return makeCommand("ask_codex stats", "what your runs came to, counted from the ledger", (command) => {
    command
      .option("--since <when>", "only runs since then: 30d, 12h, 2w, or a day such as 2026-01-31 (default: all)")
      .option("--project [folder]", "only runs of one project: this one, or that of the folder")
      .option("--json", "print one JSON object", false)
      .option("--html <file>", "write a page with charts to this file, and print its path");
  });
}

/**
 * Reads the words after `stats`.
 * @throws UsageError naming the flag and the mend
 */
export function parseStats(argv: readonly string[], now: Date): StatsFlags | { readonly text: string } {
  const { command, text } = parseCommand(statsCommand, argv);
  if (text !== "") return { text };
  const [extra] = command.args;
  if (extra !== undefined)
    throw new UsageError(`Unexpected argument: ${extra} (ask_codex stats takes flags only)`, HELP);
  const { since, project, json, html } = command.opts<{
    since?: string;
    project?: string | true;
    json: boolean;
    html?: string;
  }>();
  return {
    since: since === undefined ? null : timeOf(since, now),
    project: project === undefined ? null : project === true ? "." : project,
    json,
    html: html ?? null,
  };
}

const HELP = "See ask_codex stats --help.";
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A day is one of the user's own: it begins at midnight where the machine is. */
function timeOf(since: string, now: Date): Date {
  const [, count, unit = ""] = /^(\d{1,5})([hdw])$/.exec(since) ?? [];
  const ms = UNITS[unit];
  if (count !== undefined && ms !== undefined) return new Date(now.getTime() - Number(count) * ms);
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(since) ?? []).map(Number);
  const date = new Date(year ?? Number.NaN, (month ?? 0) - 1, day);
  // 2026-02-31 would be a day in March.
  if (date.getMonth() + 1 !== month || date.getDate() !== day)
    throw new UsageError(`--since ${since} is no time: use 30d, 12h, 2w, or a day such as 2026-01-31.`, HELP);
  return date;
}
