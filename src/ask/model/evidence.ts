import { relative } from "node:path";
import type { Sandbox } from "../../codex/settings.ts";
import { messageOf } from "../../errors.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { Holder } from "../../process/hold.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { WorkTreeChanges } from "../../workspace/snapshot/compare.ts";
import { type Registration, registerRun } from "./live-runs.ts";

/** What can be said of the work tree after a run, computed by us and not by Codex. */
export type Changes =
  | ListedChanges
  /** The sandbox was read-only, as Codex itself resolved it: there is nothing to compare. */
  | { readonly type: "read_only" }
  | { readonly type: "no_git" }
  | { readonly type: "unknown"; readonly reason: string };

export interface ListedChanges extends WorkTreeChanges {
  readonly type: "listed";
  readonly root: string;
  readonly alsoRunning: readonly string[];
  /** The work tree before and after, as git trees whose new objects are in the snapshot's folder. */
  readonly trees: { readonly before: string; readonly after: string };
}

export interface Evidence {
  /** Takes a second snapshot and compares. Never rejects: what cannot be told is `unknown`, with the reason. */
  collect(signal?: AbortSignal): Promise<Changes>;
  /** What has changed since the last `collect` was a check's doing, not Codex's. */
  disown(signal: AbortSignal): Promise<void>;
  /** No other run of ours works in the same place. */
  alone(): Promise<boolean>;
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
  /** Files and folders that we write ourselves: a report, a journal, our state in the work tree is not Codex's doing. */
  readonly ours: readonly string[];
  readonly signal: AbortSignal;
}

/** Takes the first snapshot of the work tree, unless the run cannot write. Never rejects. */
export async function beginEvidence(options: EvidenceOptions): Promise<Evidence> {
  if (options.sandbox.mode === "read-only") return always({ type: "read_only" }, NOBODY);
  let registration: Registration = NOBODY;
  try {
    const { findWorkTree } = await import("../../workspace/git/find-work-tree.ts");
    const tree = await findWorkTree(options.workspace, options.signal);
    registration = await registerRun(options.state, { ...options.owner, workTree: tree?.root ?? options.workspace });
    return tree === undefined
      ? always({ type: "no_git" }, registration)
      : await snapshotEvidence(options, tree, registration);
  } catch (error) {
    return always({ type: "unknown", reason: messageOf(error) }, registration);
  }
}

async function snapshotEvidence(
  { folder, ours, signal }: EvidenceOptions,
  tree: WorkTree,
  registration: Registration,
): Promise<Evidence> {
  const [{ takeSnapshot }, { compareSnapshots }] = await Promise.all([
    import("../../workspace/snapshot/snapshot.ts"),
    import("../../workspace/snapshot/compare.ts"),
    makePrivateFolder(folder),
  ]);
  const before = await takeSnapshot(tree, folder, signal);
  let since = before;
  const touched = new Set<string>();
  const ourPaths = ours.map((path) => relative(tree.root, path));
  const isOurs = (path: string) => ourPaths.some((own) => path === own || path.startsWith(`${own}/`));
  return {
    ...always({ type: "no_git" }, registration),
    async collect(until) {
      try {
        const after = await takeSnapshot(tree, folder, until);
        const changes = await compareSnapshots(tree, folder, before, after, until);
        const own = since === before ? changes : await compareSnapshots(tree, folder, since, after, until);
        for (const { path, from = path } of own.files) if (!isOurs(path)) touched.add(path).add(from);
        return {
          type: "listed",
          root: tree.root,
          alsoRunning: await registration.beside(),
          trees: { before: before.tree, after: after.tree },
          ...among(touched, changes),
        };
      } catch (error) {
        const reason = until?.aborted ? "there was no time left to look" : messageOf(error);
        return { type: "unknown", reason };
      }
    },
    async disown(until) {
      // Where this fails the next look most likely does too, and says so.
      since = await takeSnapshot(tree, folder, until).catch(() => since);
    },
  };
}

/** The changes of files that some turn has touched. */
function among(touched: ReadonlySet<string>, changes: WorkTreeChanges): WorkTreeChanges {
  return {
    ...changes,
    files: changes.files.filter(({ path }) => touched.has(path)),
    deletedTests: changes.deletedTests.filter((path) => touched.has(path)),
  };
}

function always(changes: Changes, registration: Registration): Evidence {
  return {
    collect: async () => changes,
    disown: async () => {},
    alone: async () => (await registration.beside()).length === 0,
    close: () => registration.finish(),
  };
}

/** A run that writes nothing is in nobody's way. */
const NOBODY: Registration = { beside: async () => [], finish: async () => {} };
