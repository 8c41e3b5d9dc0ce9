import { countedRuns } from "../../../src/ledger/counted-run.ts";
import type { LedgerEntry } from "../../../src/ledger/ledger.ts";
import { type Selection, type Stats, statsOf } from "../../../src/ledger/stats.ts";

/** A run that went well and did little, but for what a test says. */
export function entry(parts: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    schema_version: 1,
    time: "2026-01-02T03:04:05.678Z",
    run_id: "20260102-030405-678-0123456789abcdef",
    session_id: "0199-thread",
    project: "/shop",
    kind: "ask",
    role: null,
    model: "a-model",
    effort: "high",
    codex_version: "0.150.0",
    status: "completed",
    exit_code: 0,
    error_kind: null,
    elapsed_ms: 1_000,
    tokens: { input: 100, cached_input: 20, output: 10, reasoning_output: 4, total: 110 },
    repair_rounds: 0,
    checks: { passed: 0, total: 0 },
    first_pass: null,
    asked: 0,
    files_changed: 0,
    lines_added: 0,
    lines_removed: 0,
    handoff: null,
    ...parts,
  };
}

/** A handoff that broke these rules. */
export function handoffEntry(violations: readonly string[], parts: Partial<LedgerEntry> = {}): LedgerEntry {
  const verdict = violations.length > 0 ? "violated" : "completed";
  const handoff = { task_id: "auth-001", type: "bugfix", verdict, violations, failures: [], committed: false };
  return entry({ kind: "handoff", handoff, ...parts });
}

/** The figures of these entries; of all of them, but for what a test says. */
export function statsOfEntries(entries: readonly LedgerEntry[], selection: Partial<Selection> = {}): Stats {
  return statsOf(countedRuns(entries), { since: null, project: null, ...selection });
}
