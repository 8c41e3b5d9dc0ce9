import type { SandboxMode, TurnSettings } from "../../codex/settings.ts";
import type { Limits } from "../../codex/turn/clocks.ts";
import type { ThreadRecord } from "./thread-record.ts";

/** One task, checked and resolved: what a run needs to know, and nothing about how it was said. */
export interface AskPlan {
  readonly prompt: string;
  /** The values of `--file`, relative to where Codex works: for a session of Codex's own only Codex knows that. */
  readonly files: readonly string[];
  /** Absolute paths. */
  readonly images: readonly string[];
  readonly target: PlanTarget;
  /** Where Codex works, as an absolute real path; null: where the session it resumes did. */
  readonly workspace: string | null;
  readonly name: string | null;
  readonly model: string | null;
  readonly effort: string | null;
  readonly sandbox: SandboxRequest;
  /** The way of working that was asked for by name; its sandbox and effort are in the plan already. */
  readonly role: PlanRole | null;
  /** `on-request`: somebody is there to approve what the sandbox refuses. */
  readonly approvals: TurnSettings["approvals"];
  readonly outputSchema: unknown;
  /** `key=value` overrides of the Codex configuration. */
  readonly config: readonly string[];
  readonly limits: Limits;
  readonly retryWindowMs: number;
  readonly checks: RequestedChecks;
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
  /** What Codex is told of it beside the task. */
  readonly frame: string;
}

/** What the flags say of the sandbox; what they leave open comes from the session, else it is workspace-write. */
export interface SandboxRequest {
  readonly mode: SandboxMode | null;
  readonly network: boolean;
  readonly addDirs: readonly string[];
}

export interface RequestedChecks {
  /** Files that must exist afterwards, relative to where Codex works. */
  readonly expectFiles: readonly string[];
  readonly verifyCommand: string | null;
  /** How often a failed check goes back to Codex. */
  readonly verifyRounds: number;
}
