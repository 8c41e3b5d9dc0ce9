import type { Sandbox } from "../codex/settings.ts";
import { messageOf } from "../errors.ts";
import { makePrivateFolder } from "../files/write-whole.ts";
import type { WorkTreeChanges } from "../workspace/compare.ts";
import { registerRun } from "./live-runs.ts";
import type { Holder } from "./thread-hold.ts";

/** What can be said of the work tree after a run, computed by us and not by Codex. */
export type Changes =
  | ({ readonly type: "listed"; readonly root: string; readonly alsoRunning: readonly string[] } & WorkTreeChanges)
  /** The sandbox was read-only, as Codex itself resolved it: there is nothing to compare. */
  | { readonly type: "read_only" }
  | { readonly type: "no_git" }
  | { readonly type: "unknown"; readonly reason: string };

export interface Evidence {
  /** Takes a second snapshot and compares. Never rejects: what cannot be told is `unknown`, with the reason. */
  collect(signal?: AbortSignal): Promise<Changes>;
  /** The run no longer works in the tree. */
  close(): Promise<void>;
}

export interface EvidenceOptions {
  readonly state: string;
  readonly workspace: string;
  readonly sandbox: Sandbox;
  /** The run's private folder for its index and objects. */
  readonly folder: string;
  readonly owner: Holder;
  readonly signal: AbortSignal;
}

/** Takes the first snapshot of the work tree, unless the run cannot write. Never rejects. */
export async function beginEvidence(options: EvidenceOptions): Promise<Evidence> {
  if (options.sandbox.mode === "read-only") return always({ type: "read_only" });
  try {
    return await snapshotEvidence(options);
  } catch (error) {
    return always({ type: "unknown", reason: messageOf(error) });
  }
}

async function snapshotEvidence({ state, workspace, folder, owner, signal }: EvidenceOptions): Promise<Evidence> {
  const { findWorkTree } = await import("../workspace/find-work-tree.ts");
  const tree = await findWorkTree(workspace, signal);
  if (tree === undefined) return always({ type: "no_git" });
  const [{ takeSnapshot }, { compareSnapshots }] = await Promise.all([
    import("../workspace/snapshot.ts"),
    import("../workspace/compare.ts"),
    makePrivateFolder(folder),
  ]);
  const registration = await registerRun(state, { ...owner, workTree: tree.root });
  const before = await takeSnapshot(tree, folder, signal).catch((error: unknown) => ({ failed: messageOf(error) }));
  return {
    async collect(until) {
      if ("failed" in before) return { type: "unknown", reason: before.failed };
      try {
        const after = await takeSnapshot(tree, folder, until);
        const changes = await compareSnapshots(tree, folder, before, after, until);
        return { type: "listed", root: tree.root, alsoRunning: await registration.beside(), ...changes };
      } catch (error) {
        const reason = until?.aborted ? "there was no time left to look" : messageOf(error);
        return { type: "unknown", reason };
      }
    },
    close: () => registration.finish(),
  };
}

function always(changes: Changes): Evidence {
  return { collect: async () => changes, close: async () => {} };
}
