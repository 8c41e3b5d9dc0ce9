import type { AskOutcome } from "../../../src/ask/model/outcome.ts";
import type { ThreadRecord } from "../../../src/ask/model/thread-record.ts";
import { newTurn } from "../../../src/codex/fold-turn.ts";
import type { TurnSettings } from "../../../src/codex/settings.ts";
import { AskCodexError } from "../../../src/errors.ts";

const settings: TurnSettings = {
  cwd: "/w",
  sandbox: { mode: "workspace-write", network: false, writableRoots: ["/data"] },
  approvals: "never",
  model: "a-model",
  effort: "high",
};

/** An outcome that has something of everything, whether it could ever come together or not: no key stays out of sight. */
export const fullOutcome: AskOutcome = {
  status: "fatal",
  runId: "run",
  outputPath: "/out.md",
  outputRefused: "/other.md is a link, not a plain file",
  sessionId: "session",
  error: new AskCodexError("usage_limit", "used up", { resetsAt: 1_800_000_000 }),
  signal: "SIGTERM",
  // Longer than what a result keeps, so that the result names what it cut.
  answer: "x".repeat(300_000),
  turn: { ...newTurn, warnings: ["a warning"] },
  agents: [{ threadId: "t", name: "Ada", status: "completed", commands: [], tokens: null, lastWords: "Done." }],
  commands: [
    {
      id: "c",
      command: "ls",
      cwd: "/w",
      exitCode: 0,
      durationMs: 1,
      status: "completed",
      readOnly: true,
      outputTail: "",
    },
  ],
  checks: [{ type: "verify_command", subject: "true", passed: true, exitCode: 0, durationMs: 1, detail: "" }],
  questions: [{ id: "q", header: "Q", question: "Which?", options: [{ label: "this", description: "that" }] }],
  declined: [{ what: "a tool", reason: "nobody is there" }],
  changes: {
    type: "listed",
    root: "/w",
    files: [{ path: "new.ts", kind: "renamed", added: 1, removed: 0, from: "old.ts" }],
    headMoved: { from: "a", to: "b", fromBranch: "main", toBranch: null },
    refsMoved: [{ ref: "refs/heads/main", from: "a", to: "b" }],
    deletedTests: ["a.test.ts"],
    dirtyBefore: ["dirty.ts"],
    alsoRunning: ["other"],
    trees: { before: "", after: "" },
  },
  tokens: { inputTokens: 1, cachedInputTokens: 1, outputTokens: 1, reasoningOutputTokens: 1, totalTokens: 2 },
  rounds: 1,
  firstPass: false,
  elapsedMs: 1,
  timeout: null,
  newWarnings: [],
  receipt: {
    codexVersion: "0.150.0",
    codexProgram: "/codex",
    login: "chatgpt",
    settings,
    role: "writer",
    rollout: "/rollout.jsonl",
    startedAt: "2026-01-02T03:04:05.000Z",
  },
  survivors: [1],
};

export const fullRecord: ThreadRecord = {
  schema_version: 1,
  thread_id: "session",
  name: "a-name",
  workspace: "/w",
  settings,
  last_effort: "high",
  open_questions: [],
  title: "A task",
  last_status: "completed",
  last_run_id: "run",
  created_at: "2026-01-02T03:04:05.000Z",
  updated_at: "2026-01-02T03:04:05.000Z",
};
