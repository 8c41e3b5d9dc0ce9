import type { CodexCommand } from "../../codex/find-codex.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { Place } from "../place/place.ts";
import type { BatchLog, BatchPaths } from "../schedule/journal.ts";
import type { Bench } from "./bench.ts";
import type { CheckElsewhere } from "./check-combined.ts";

/** Where the progress of a batch is reported. */
export interface BatchWatcher {
  /** Something was journaled. */
  changed(): void;
  /** What a running task does, in a line. */
  doing(id: string, line: string): void;
  /** A line for people. */
  say(line: string): void;
}

/** What a batch is carried out with. */
export interface BatchContext {
  readonly log: BatchLog;
  readonly paths: BatchPaths;
  readonly tree: WorkTree;
  readonly state: string;
  readonly place: Place;
  readonly bench: Bench;
  /** For checks on all results together. */
  readonly env: Readonly<Record<string, string>>;
  /** The Codex in whose sandbox they run; null: they run as we do. */
  readonly sandbox: CodexCommand | null;
  /** The machines that they run on; left out: this one. */
  readonly checkElsewhere?: CheckElsewhere;
  readonly newRunId: () => string;
  readonly watcher: BatchWatcher;
  readonly signal: AbortSignal;
}
