import { closeSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { messageOf } from "../errors.ts";
import { endsTorn } from "../files/journal.ts";
import { openPlain } from "../files/open-plain.ts";
import { makePrivateFolder } from "../files/write-whole.ts";
import { oneLine } from "../text/defuse.ts";

const count = z.int().check(z.nonnegative());
const name = z.nullable(z.string());
const rules = z.readonly(z.array(z.string()));

/**
 * What is kept of every run, for the figures of `ask_codex stats`: no prompt, no code, no answer, no name of a file. What a later
 * version adds is passed over; an entry of another `schema_version` is not read.
 */
export const ledgerEntrySchema = z.object({
  schema_version: z.literal(1),
  /** When the run began: ISO 8601, UTC. */
  time: z.string().check(z.refine((text) => /^\d{4}-.*Z$/.test(text) && !Number.isNaN(Date.parse(text)))),
  run_id: z.string(),
  session_id: name,
  /** The root of the work tree, else the folder that Codex worked in; null: Codex never got to work anywhere. */
  project: name,
  /** The batch that it is a task of; only there in tasks of one. */
  batch: z.optional(z.string()),
  /** The session whose Codex delegated it; only there in delegations. */
  orchestration: z.optional(z.string()),
  /** What its executor cost, at list prices; only there in delegations, null: not known. */
  list_price_usd: z.optional(z.nullable(z.number().check(z.nonnegative()))),
  kind: z.enum(["ask", "session", "handoff", "review", "orchestration", "delegation"]),
  role: name,
  model: name,
  effort: name,
  codex_version: name,
  status: z.string(),
  exit_code: count,
  error_kind: name,
  elapsed_ms: count,
  tokens: z.nullable(
    z.object({ input: count, cached_input: count, output: count, reasoning_output: count, total: count }),
  ),
  repair_rounds: count,
  /** Of the last round. */
  checks: z.object({ passed: count, total: count }),
  /** Every check held before any repair; null: there was none. */
  first_pass: z.nullable(z.boolean()),
  /** Questions and approvals that someone was asked for. */
  asked: count,
  /** Null, as the two below: it was not known. */
  files_changed: z.nullable(count),
  lines_added: z.nullable(count),
  lines_removed: z.nullable(count),
  /** Of a handoff only. */
  handoff: z.nullable(
    z.object({
      task_id: z.string(),
      type: z.string(),
      verdict: z.string(),
      /** The rules that were broken, each one once. */
      violations: rules,
      failures: rules,
      committed: z.boolean(),
      /** A hash of what the document says; it is not in entries of earlier versions. */
      document: z.optional(z.string()),
    }),
  ),
});

export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

export function ledgerPath(state: string): string {
  return join(state, "ledger.jsonl");
}

/** What `stats` keeps of the ledger, so that it need not read all of it each time. It may go at any time. */
export function digestPath(state: string): string {
  return join(state, "ledger.digest");
}

/**
 * Adds an entry. Never rejects, for a run must not fail for its entry's sake (a full disk): resolves with a warning in one line, or
 * with null when the entry is there.
 */
export async function appendLedger(state: string, entry: LedgerEntry): Promise<string | null> {
  try {
    await makePrivateFolder(state);
    const file = openPlain(ledgerPath(state), "append");
    try {
      // One write: O_APPEND keeps the lines of runs that end at the same time apart. A torn line stays one of its own.
      const line = Buffer.from(`${endsTorn(file) ? "\n" : ""}${JSON.stringify(entry)}\n`);
      if (writeSync(file, line) < line.length) throw new Error("there is no room on the disk");
    } finally {
      closeSync(file);
    }
    return null;
  } catch (error) {
    return `this run will be missing in ask_codex stats: ${oneLine(messageOf(error), 200)}`;
  }
}
