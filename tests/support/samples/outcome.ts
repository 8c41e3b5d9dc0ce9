import type { AskOutcome } from "../../../src/ask/model/outcome.ts";
import type { CommandRun } from "../../../src/codex/command-run.ts";
import { newTurn } from "../../../src/codex/fold-turn.ts";

/** A run in which all went well and little happened, but for what a test says. */
export function outcome(parts: Partial<AskOutcome> = {}): AskOutcome {
  return {
    status: "completed",
    runId: "20260102-030405-678-0123456789abcdef",
    outputPath: "/state/runs/1/report.md",
    outputRefused: null,
    sessionId: "0199-thread",
    error: null,
    signal: null,
    answer: "Done.",
    turn: { ...newTurn, id: "turn", state: "completed" },
    agents: [],
    commands: [],
    checks: [],
    questions: [],
    declined: [],
    changes: { type: "no_git" },
    tokens: null,
    rounds: 0,
    firstPass: null,
    elapsedMs: 1_234,
    timeout: null,
    newWarnings: [],
    receipt: {
      codexVersion: null,
      codexProgram: null,
      login: null,
      settings: null,
      role: null,
      rollout: null,
      startedAt: "2026-01-02T03:04:05.000Z",
    },
    survivors: [],
    ...parts,
  };
}

export function command(parts: Partial<CommandRun> = {}): CommandRun {
  return {
    id: "1",
    command: "make",
    cwd: "/w",
    exitCode: 0,
    durationMs: 100,
    status: "completed",
    readOnly: false,
    outputTail: "",
    ...parts,
  };
}
