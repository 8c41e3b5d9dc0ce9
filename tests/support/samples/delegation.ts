import type { Outcome } from "../../../src/orchestrate/delegation/outcome.ts";
import type { Bounds } from "../../../src/orchestrate/request/bounds.ts";
import type { DelegationRequest } from "../../../src/orchestrate/request/schema.ts";

/** A request that holds, with what differs from it. */
export function request(differs: Partial<DelegationRequest> = {}): DelegationRequest {
  return {
    task_id: "sum-001",
    type: "implementation",
    scope: { files: ["src/sum.js"] },
    requirements: ["In `src/sum.js`, let `sum(a, b)` return the sum of both numbers"],
    validation: ["node --test"],
    ...differs,
  };
}

/** What a person allows who names nothing. */
export function bounds(differs: Partial<Bounds> = {}): Bounds {
  return { scope: [], forbid: [], validation: [], maxFiles: 3, bulkFiles: 30, ...differs };
}

/** What a delegation came to that went well, with what differs from it. */
export function delegated(differs: Partial<Outcome> = {}): Outcome {
  return {
    ...{
      taskId: "sum-001",
      type: "implementation",
      verdict: "completed",
      executor: "claude",
      error: null,
      refusals: [],
    },
    files: [{ path: "src/sum.js", kind: "changed", added: 1, removed: 1 }],
    validation: [
      { command: "node --test", passed: true, exitCode: 0, durationMs: 9, detail: "ok", sandboxed: false },
      { command: "npm run lint", passed: false, exitCode: 2, durationMs: 9, detail: "1:1 error", sandboxed: true },
    ],
    ...{ findings: [], undone: null, meanwhile: [], denials: [], said: null, notes: "It adds.", remarks: [] },
    ...{ conversation: null, commit: { type: "none" }, elapsedMs: 5, folder: "/state/d1", survivors: [] },
    usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 2, listPriceUsd: 0.01, model: "m" },
    ...differs,
  };
}
