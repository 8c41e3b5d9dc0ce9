import { exitCodeOf } from "../../errors.ts";
import { defuse } from "../../text/defuse.ts";
import type { Changes } from "../model/evidence.ts";
import type { AskOutcome } from "../model/outcome.ts";

/** The version of the object below. A key that goes or changes its meaning raises it; a new key does not. */
export const SCHEMA_VERSION = 1;

// Caps that keep one run's result in the hundreds of kilobytes, whatever Codex did.
export const MAX_LIST = 1_000;
const MAX_ANSWER = 200_000;
const MAX_COMMAND = 2_000;

/** The machine-readable outcome: what `--json` prints and result.json keeps. Capped lists are named in `truncated`. */
export function toResult(outcome: AskOutcome) {
  const { changes, agents, checks, questions, declined, receipt, error, signal, tokens, turn } = outcome;
  const { cut, truncated } = cutting();
  const files = changes.type === "listed" ? changes.files : [];
  return {
    schema_version: SCHEMA_VERSION,
    status: outcome.status,
    exit_code: exitCodeOf(outcome.status, signal),
    session_id: outcome.sessionId,
    output_path: outcome.outputPath,
    output_refused: outcome.outputRefused,
    run_id: outcome.runId,
    answer: cut("answer", defuse(outcome.answer), MAX_ANSWER),
    changes: cut("changes", files, MAX_LIST).map(({ path, kind, added, removed, from }) => ({
      path,
      kind,
      added,
      removed,
      from,
    })),
    work_tree: workTree(changes, (name, list) => cut(`work_tree.${name}`, list, MAX_LIST)),
    commands: cut("commands", allCommands(outcome), MAX_LIST).map(({ command, agent }) => ({
      command: cut("commands.command", defuse(command.command), MAX_COMMAND),
      cwd: command.cwd,
      status: command.status,
      exit_code: command.exitCode,
      duration_ms: command.durationMs,
      read_only: command.readOnly,
      agent,
    })),
    agents: cut("agents", agents, MAX_LIST).map((agent) => ({
      thread_id: agent.threadId,
      name: agent.name,
      status: agent.status,
      total_tokens: agent.tokens?.totalTokens ?? null,
      last_words: cut("agents.last_words", defuse(agent.lastWords), MAX_COMMAND),
    })),
    checks: checks.map(({ type, subject, passed, exitCode, durationMs, detail }) => ({
      type,
      subject,
      passed,
      exit_code: exitCode,
      duration_ms: durationMs === null ? null : Math.round(durationMs),
      detail,
    })),
    repair_rounds: outcome.rounds,
    questions: questions.map(({ id, header, question, options }) => ({
      id,
      header: defuse(header),
      question: defuse(question),
      options: options.map(({ label, description }) => ({ label: defuse(label), description: defuse(description) })),
    })),
    declined: cut("declined", declined, MAX_LIST).map(({ what, reason }) => ({
      what: cut("declined.what", defuse(what), MAX_COMMAND),
      reason,
    })),
    usage: tokens && {
      input_tokens: tokens.inputTokens,
      cached_input_tokens: tokens.cachedInputTokens,
      output_tokens: tokens.outputTokens,
      reasoning_output_tokens: tokens.reasoningOutputTokens,
      total_tokens: tokens.totalTokens,
    },
    receipt: {
      codex_version: receipt.codexVersion,
      codex_program: receipt.codexProgram,
      login: receipt.login,
      model: receipt.settings?.model ?? null,
      effort: receipt.settings?.effort ?? null,
      role: receipt.role,
      sandbox: receipt.settings?.sandbox.mode ?? null,
      network: receipt.settings?.sandbox.network ?? null,
      writable_roots: receipt.settings?.sandbox.writableRoots ?? [],
      workspace: receipt.settings?.cwd ?? null,
      rollout: receipt.rollout,
      started_at: receipt.startedAt,
      elapsed_ms: outcome.elapsedMs,
      warnings: (turn?.warnings ?? []).map(defuse),
    },
    error: error && {
      kind: error.kind,
      message: defuse(error.message),
      next: error.hint,
      resets_at: isoTime(error.resetsAt),
    },
    signal,
    survivors: outcome.survivors,
    truncated: [...truncated],
  };
}

/** The commands of the thread, and then those of each sub-agent, with its thread's id. */
function allCommands({ commands, agents }: AskOutcome) {
  const own = commands.map((command) => ({ command, agent: null }));
  const theirs = agents.flatMap((agent) => agent.commands.map((command) => ({ command, agent: agent.threadId })));
  return [...own, ...theirs];
}

/** Cuts what is too long, and keeps the names of what was cut. */
export function cutting() {
  const truncated = new Set<string>();
  const cut = <Whole extends string | readonly unknown[]>(name: string, whole: Whole, most: number) => {
    if (whole.length > most) truncated.add(name);
    return whole.slice(0, most) as Whole;
  };
  return { cut, truncated };
}

/** Unix seconds as ISO 8601 in UTC; null stays null. */
export function isoTime(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function workTree(changes: Changes, cut: <T>(name: string, list: readonly T[]) => readonly T[]) {
  if (changes.type !== "listed") {
    return { state: changes.type, reason: changes.type === "unknown" ? changes.reason : null };
  }
  const { root, headMoved, refsMoved, deletedTests, dirtyBefore, alsoRunning } = changes;
  return {
    state: changes.type,
    reason: null,
    root,
    head_moved: headMoved && {
      from: headMoved.from,
      to: headMoved.to,
      from_branch: headMoved.fromBranch,
      to_branch: headMoved.toBranch,
    },
    refs_moved: cut("refs_moved", refsMoved),
    deleted_tests: cut("deleted_tests", deletedTests),
    dirty_before: cut("dirty_before", dirtyBefore),
    also_running: alsoRunning,
  };
}
