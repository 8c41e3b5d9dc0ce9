import type { FileChange } from "../../workspace/git/diff-trees.ts";
import type { Hunk } from "../../workspace/git/hunks.ts";
import type { RefMove } from "../../workspace/git/refs.ts";
import type { HeadMove } from "../../workspace/snapshot/compare.ts";
import type { Sibling } from "../source/siblings.ts";
import type { TreePair } from "./ignored-watch.ts";

/** What is known of a work tree after the work: all that a verdict is made from. */
export interface Facts {
  /** Every file that the work changed, ignored ones that a verdict is about included. */
  readonly files: readonly ChangedFile[];
  /** Nothing changed that is judged, and no expected file has come. */
  readonly idle: boolean;
  /** The work tree before the work, and as it was judged, as git trees. */
  readonly trees: TreePair;
  /** HEAD is at another commit or on another branch; in words. */
  readonly headMoved: string | null;
  readonly refsMoved: readonly RefMove[];
  /** What validation commands go through and git does not show, as programs of node_modules/.bin, and is not as it was: paths. */
  readonly runnersChanged: readonly string[];
  /** Sealed files that are not as they were: paths, or what they are (`the git configuration`). */
  readonly sealChanged: readonly string[];
  /** Texts of the files that `interfaces` names, before and after; null: there is no such file. */
  readonly interfaceFiles: ReadonlyMap<string, Texts>;
  /** The packages of the repository before the work; none where no package.json has changed. */
  readonly siblings: readonly Sibling[];
  readonly validation: readonly Validation[];
  /** What the tests from before the work say of it; null: the work has changed none of them. */
  readonly former: FormerTests | null;
  /** What changed while the validation commands ran, and should have stayed. */
  readonly disturbances: readonly Disturbance[];
  /** Expected files that are not there. */
  readonly missingFiles: readonly string[];
  /** The changes document; null when there is none. */
  readonly changesDoc: string | null;
  /** Files that someone else changed while Codex worked: not judged, not committed and not undone, but for `mixed`. */
  readonly meanwhile: readonly string[];
  /** The files among them that Codex has changed as well: judged, and not undone. */
  readonly mixed: ReadonlySet<string>;
  /** What could not be judged, in sentences. */
  readonly remarks: readonly string[];
}

export interface Texts {
  readonly before: string | null;
  readonly after: string | null;
}

export interface ChangedFile extends FileChange, Texts {
  /** Git ignores it: it is looked at only because scope.forbid names it, or the work itself has hidden it. */
  readonly ignored: boolean;
  /** Which lines differ; empty for what is not text. */
  readonly hunks: readonly Hunk[];
  /** Where the rule stands that makes this file an ignored one, if the work wrote that rule. Scope is about it nevertheless. */
  readonly hiddenBy?: string;
  /** What was changed in a submodule and not committed there, from the root of the work tree. */
  readonly inside?: readonly string[];
}

/** The work under the tests, and what configures them, from before it. */
export interface FormerTests {
  /** The files that were as before the work. */
  readonly paths: readonly string[];
  /** The files among them that are not tests: configuration, scripts. */
  readonly configuration: readonly string[];
  /** Test files and cases that a task says are rewritten or deleted, so that they were left out. */
  readonly excepted: readonly string[];
  /** Commands that succeed with what the work made of these files, and fail with what they were. */
  readonly failed: readonly Validation[];
  /** Why nothing can be said; null: it can. */
  readonly unable: string | null;
}

/** One validation command, run by us. */
export interface Validation {
  readonly command: string;
  readonly passed: boolean;
  /** Null: it did not finish, or could not be run. */
  readonly exitCode: number | null;
  readonly durationMs: number | null;
  /** The end of its output, or why there is none. */
  readonly detail: string;
  /** For a command that fails: whether it succeeded on the state from before the work; null: that is not known. */
  readonly passedBefore?: boolean | null;
}

/** What has changed while a command ran. */
export interface Disturbance {
  /** The command as the document has it, or what else ran. */
  readonly command: string;
  /** Sealed files, and records of the run. */
  readonly sealed: readonly string[];
  readonly headMoved: HeadMove | null;
  readonly refsMoved: readonly RefMove[];
  /** Everything else in the work tree; of ignored files those that scope.forbid names. */
  readonly files: readonly ChangedFile[];
}
