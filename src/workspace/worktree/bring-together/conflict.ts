import type { Entry } from "../../git/tree-entries.ts";

/** A file that two results changed in ways that do not merge. Null: it is not there on that side. */
export interface Conflict {
  /** As text, relative to the root. */
  readonly path: string;
  readonly base: Entry | null;
  /** With everything that was merged before. */
  readonly ours: Entry | null;
  /** As the result has it. */
  readonly theirs: Entry | null;
}

export type Merge =
  | { readonly type: "merged"; readonly tree: string }
  | { readonly type: "conflicts"; readonly files: readonly Conflict[] };

/** Three commits or trees: what both sides began from, and the sides. */
export interface ThreeTrees {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}
