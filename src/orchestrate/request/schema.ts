import * as z from "zod/mini";
import { withoutNulls } from "../../handoff/document/fields.ts";
import { requestSchema } from "../../handoff/document/schema.ts";
import { schemaFaults } from "../../text/schema-faults.ts";

/** What a task is: that decides what its executor may do. */
const TASK_TYPES = [
  "implementation",
  "bugfix",
  "bulk",
  "research",
  "analysis",
  "debug",
  "review",
  "validation",
] as const;

export type TaskType = (typeof TASK_TYPES)[number];

/** Who does a task. */
const EXECUTORS = ["claude", "codex"] as const;

export type ExecutorName = (typeof EXECUTORS)[number];

/** What both schemas say in the same words. */
const shared = z.pick(requestSchema, {
  ...{ task_id: true, scope: true, requirements: true, success_criteria: true, validation: true, constraints: true },
  ...{ read: true, interfaces: true, expect_files: true, commit: true },
});

/** One task that is delegated. */
const delegationRequest = z.extend(shared, {
  type: z
    .enum(TASK_TYPES)
    .check(
      z.describe(
        "implementation, bugfix, bulk: files in scope are changed. research, analysis, debug, review: nothing is changed, the notes are the result. validation: the commands are run, no one edits.",
      ),
    ),
  executor: z.optional(z.enum(EXECUTORS).check(z.describe("Who does it; left out: whom the person chose."))),
});

export type DelegationRequest = z.infer<typeof delegationRequest>;

/** One thing that keeps a request from being carried out. */
export interface Refusal {
  /** What is missing or wrong, in one sentence. */
  readonly what: string;
  /** What to change in the request, in one sentence. */
  readonly change: string;
}

export type ReadRequest =
  | { readonly ok: true; readonly request: DelegationRequest }
  | { readonly ok: false; readonly taskId: string | null; readonly refusals: readonly Refusal[] };

/** Reads one request as a model wrote it: Codex passes the schema on and holds nothing to it. */
export function readRequest(data: unknown): ReadRequest {
  const value = withoutNulls(data);
  const parsed = delegationRequest.safeParse(value);
  if (parsed.success) return { ok: true, request: parsed.data };
  const named = z.object({ task_id: z.string() }).safeParse(value);
  const faults = schemaFaults(parsed.error.issues, FIELDS);
  const refusals = faults.map(({ what, fix }) => ({ what: `${what}.`, change: fix }));
  return { ok: false, taskId: named.success ? named.data.task_id : null, refusals };
}

const FIELDS: readonly string[] = [
  ...Object.keys(delegationRequest.def.shape),
  ...["files", "lines", "forbid"].map((name) => `scope.${name}`),
];

/** The JSON Schema of one request, for the tool that takes it. */
export function requestJsonSchema(): object {
  const { $schema: _draft, ...schema } = z.toJSONSchema(delegationRequest);
  return schema;
}
