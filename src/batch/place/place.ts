import type { BatchTask } from "../plan/task.ts";
import type { TaskResult } from "../schedule/result.ts";

/** One try of one task: all that a place needs to know of it. */
export interface Job {
  readonly task: BatchTask;
  readonly runId: string;
  /** The commit that the work begins from. The coordinator's repository has it, though no ref may lead to it. */
  readonly base: string;
  /** From 0 to one less than the tasks at once: no two jobs that run have the same. */
  readonly slot: number;
  /** The session that goes on with its own work, now on another base, and the message for it; null: the task begins. */
  readonly continues: { readonly sessionId: string; readonly prompt: string } | null;
}

/** Where the progress of a job is reported. */
export interface JobWatcher {
  /** Codex has the task: from here on it may have written. */
  working(sessionId: string): void;
  /** What Codex does, in a line. */
  doing(line: string): void;
  /** Something was left behind that the user must know of. */
  left(what: string): void;
}

/** Where tasks are run: this machine, or another. */
export interface Place {
  /** Where the work of this job will lie; null: in the user's own work tree. It is journaled before anything is made there. */
  worktreeOf(job: Pick<Job, "runId">): string | null;
  /**
   * Runs one job to its end, whatever that is: a tree at the base, the work, its checks, its patch. Never rejects. Nothing of it is left
   * afterwards but the patch, the run's report and its record; where no patch could be made (`stranded`), the worktree.
   */
  run(job: Job, watcher: JobWatcher, signal: AbortSignal): Promise<TaskResult>;
  /**
   * Takes the machine that has run this out of use, where the result says that it cannot work, and another can. Resolves with that in
   * words; null: the result counts.
   */
  setAside?(result: TaskResult): string | null;
  /**
   * Ends what a job of a coordinator that died has left running, and removes its worktree, unless what is in it is kept. Resolves with
   * what could not be ended.
   */
  sweep(left: Leftover): Promise<readonly number[]>;
}

/** What a job may have left whose coordinator died. */
export interface Leftover {
  readonly runId: string;
  readonly worktree: string | null;
  readonly keep: boolean;
}
