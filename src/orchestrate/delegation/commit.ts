import { dirname } from "node:path";
import type { ListedChanges } from "../../ask/model/evidence.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { commitWork } from "../../handoff/run/commit-work.ts";
import { type Guarded, guardedCommit } from "../../handoff/run/guarded-commit.ts";
import type { Judged } from "../../handoff/run/outcome.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { Head } from "../../workspace/git/read-head.ts";

interface CommitOptions {
  readonly contract: Contract;
  readonly tree: WorkTree;
  readonly judged: Judged;
  readonly changes: ListedChanges;
  /** Where HEAD was before the work. */
  readonly head: Head;
  /** The full path of the request as a document. */
  readonly document: string;
  readonly snapshots: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The commit that a request asks for, of work that holds. */
export async function commitDelegated(message: string, options: CommitOptions): Promise<Guarded> {
  const { contract, tree, judged, changes, head, document, snapshots, env, signal } = options;
  const { facts, standing } = judged;
  if (facts === null || standing === null) return { commit: { type: "none" }, findings: [] };
  const files = facts.files.filter(({ ignored, inside }) => !ignored && inside === undefined);
  const request = { head, snapshots, env, folder: dirname(snapshots), signal };
  return guardedCommit(contract, { tree, snapshots, document, records: [], signal }, standing, () =>
    commitWork(tree, { ...changes, files, trees: facts.trees }, message, request),
  );
}
