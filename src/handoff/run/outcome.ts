import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { CancelSignal, Status } from "../../errors.ts";
import type { Commit } from "../../workspace/commit/files.ts";
import type { Contract } from "../document/handoff.ts";
import type { Facts } from "../facts/facts.ts";
import type { TreePair } from "../facts/ignored-watch.ts";
import type { Standing } from "../facts/second-look.ts";
import type { Finding } from "../judge/finding.ts";

export type Verdict = "completed" | "already_done" | "no_change" | "partial" | "blocked" | "violated" | "failed";

/** Everything that work under a contract came to: what result, report and exit code are made from. */
export interface HandoffOutcome {
  readonly contract: Contract;
  readonly verdict: Verdict;
  readonly status: Status;
  readonly signal: CancelSignal | null;
  /** Null: work that was there already was judged, without Codex. */
  readonly run: AskOutcome | null;
  readonly judged: Judged;
  /** What was done about work that broke the contract; null: there was none, or it was kept. */
  readonly undone: Undone | null;
  readonly commit: CommitState;
  /** Sentences for the reader of the verdict. */
  readonly notes: readonly string[];
}

/** What a handoff came to that Codex worked on. */
export interface JudgedRun extends HandoffOutcome {
  readonly run: AskOutcome;
}

/** What the last look at the work came to. */
export interface Judged {
  /** Null: there was no look, `reason` says why. */
  readonly facts: Facts | null;
  readonly reason: string | null;
  readonly findings: readonly Finding[];
  /** What Codex said of its own work, in its last line; null: nothing. */
  readonly said: LastWord | null;
  /** The ignored files that were looked at, before and after; null: none was. */
  readonly ignoredTrees: TreePair | null;
  /** How everything was that must stay until the commit; null: there was no look. */
  readonly standing: Standing | null;
  /** What shows that the document of work that changed nothing was carried out before; null: nothing does. */
  readonly formerRun: string | null;
}

export interface LastWord {
  readonly word: "DONE" | "BLOCKED" | "PARTIAL";
  /** The reason, or what remains. */
  readonly text: string;
}

export type Undone =
  | {
      readonly type: "reverted" | "stashed";
      readonly paths: readonly string[];
      /** Files that broke the contract and are as they were found, for what they were before is not known to us. */
      readonly left: readonly string[];
      /** The folder with what was taken away, as patches. */
      readonly patches: string;
      /** The command that brings it back. */
      readonly bringBack: string;
    }
  | { readonly type: "refused"; readonly reason: string };

export type CommitState =
  /** Made; or asked for, and not made. */
  | Commit
  /** Not asked for, or no clean verdict; with a reason: asked for, and there was nothing to commit. */
  | { readonly type: "none"; readonly reason?: string };
