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
