import type { CommandRun } from "../../codex/command-run.ts";
import type { Turn } from "../../codex/fold-turn.ts";
import type { Tokens } from "../../codex/messages.ts";
import type { Declined } from "../../codex/server-requests.ts";
import type { TurnSettings } from "../../codex/settings.ts";
import type { AskCodexError, CancelSignal, Status } from "../../errors.ts";
import type { Agent } from "./agent.ts";
import type { CheckResult } from "./checks.ts";
import type { Changes } from "./evidence.ts";
import type { Question } from "./question.ts";

/** Everything a run came to: what report, result and exit code are made from. Failed ones have the same shape as good ones. */
export interface AskOutcome {
  readonly status: Status;
  readonly runId: string;
  readonly outputPath: string | null;
  /** Why the report is not where it was asked for; null: it is. */
  readonly outputRefused: string | null;
  /** Null as long as Codex had not named the thread. */
  readonly sessionId: string | null;
  readonly error: AskCodexError | null;
  readonly signal: CancelSignal | null;
  /** Codex's last words, as it wrote them; partial when the turn did not complete. */
  readonly answer: string;
  readonly turn: Turn | null;
  /** The tokens of the thread itself; each sub-agent has its own. */
  readonly commands: readonly CommandRun[];
  readonly agents: readonly Agent[];
  readonly checks: readonly CheckResult[];
  readonly questions: readonly Question[];
  readonly declined: readonly Declined[];
  readonly changes: Changes;
  /** Sub-agents included. */
  readonly tokens: Tokens | null;
  /** Repair rounds that were run. */
  readonly rounds: number;
  /** Every check held before any repair; null: none was run to its end. */
  readonly firstPass: boolean | null;
  readonly elapsedMs: number;
  readonly timeout: TimeoutFacts | null;
  /** Warnings of Codex that no report has shown today; the turn has all of them. */
  readonly newWarnings: readonly string[];
  readonly receipt: Receipt;
  /** Processes of the run that could not be ended. */
  readonly survivors: readonly number[];
}

export interface TimeoutFacts {
  readonly kind: "idle" | "total";
  readonly limitMs: number;
  readonly lastMs: number;
  readonly firstKind: "idle" | "total";
  readonly firstMs: number;
}

/** Proof that Codex ran, and how. What was never resolved is null. */
interface Receipt {
  readonly codexVersion: string | null;
  readonly codexProgram: string | null;
  readonly login: string | null;
  readonly settings: TurnSettings | null;
  readonly role: string | null;
  /** Codex's own record of the thread. */
  readonly rollout: string | null;
  readonly startedAt: string;
}
