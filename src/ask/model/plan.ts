import * as z from "zod/mini";
import { SANDBOX_MODES } from "../../codex/settings.ts";
import type { TurnLimits } from "../../codex/turn/outcome.ts";
import type { ThreadRecord } from "./thread-record.ts";

const texts = z.readonly(z.array(z.string()));

/**
 * The part of a plan that can be kept, and holds for every message of a session. A field that is added later needs a default
 * (`z._default`): the journals of sessions that began before do not have it.
 */
export const storedPlan = z.object({
  name: z.nullable(z.string()),
  /** The values of `--file`, relative to where Codex works: for a session of Codex's own only Codex knows that. */
  files: texts,
  model: z.nullable(z.string()),
  effort: z.nullable(z.string()),
  /** What the flags say of the sandbox; what they leave open comes from the session, else it is workspace-write. */
  sandbox: z.object({ mode: z.nullable(z.enum(SANDBOX_MODES)), network: z.boolean(), addDirs: texts }),
  /** `on-request`: someone is there to approve what the sandbox refuses. */
  approvals: z.enum(["never", "on-request"]),
  outputSchema: z.optional(z.unknown()),
  /** `key=value` overrides of the Codex configuration. */
  config: texts,
  /** In milliseconds. */
  limits: z.object({
    totalMs: z.number(),
    idleMs: z.number(),
    retryWindowMs: z.number(),
  } satisfies Record<keyof TurnLimits, z.ZodMiniType>),
  checks: z.object({
    /** Files that must exist afterwards, relative to where Codex works. */
    expectFiles: texts,
    verifyCommand: z.nullable(z.string()),
    /** How often a failed check goes back to Codex. */
    verifyRounds: z.number(),
    /** Commands that check the work run in Codex's own sandbox. */
    sandboxed: z._default(z.boolean(), false),
  }),
});

export type StoredPlan = z.infer<typeof storedPlan>;
export type SandboxRequest = StoredPlan["sandbox"];
export type RequestedChecks = StoredPlan["checks"];

/** One task, checked and resolved: what a run needs to know, and nothing about how it was said. */
export interface AskPlan extends Readonly<StoredPlan> {
  readonly prompt: string;
  /** Absolute paths. */
  readonly images: readonly string[];
  readonly target: PlanTarget;
  /** Where Codex works, as an absolute real path; null: where the session it resumes did. */
  readonly workspace: string | null;
  /** The way of working that was asked for by name; its sandbox and effort are in the plan already. */
  readonly role: PlanRole | null;
  /** Where the report goes; null: into the run's folder. */
  readonly outputPath: string | null;
  /** A second place for the journal. */
  readonly eventsPath: string | null;
}

export type PlanTarget =
  | { readonly type: "new" }
  | { readonly type: "resume" | "fork"; readonly threadId: string; readonly record: ThreadRecord | null };

export interface PlanRole {
  readonly name: string;
  /** What Codex learns of it beside the task. */
  readonly frame: string;
  /** It hands the work on, which other roles must not. */
  readonly leads?: boolean;
}
