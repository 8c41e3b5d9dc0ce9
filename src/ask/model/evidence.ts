import { relative } from "node:path";
import type { Sandbox } from "../../codex/settings.ts";
import { isErrno, messageOf } from "../../errors.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { Holder } from "../../process/hold.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { WorkTreeChanges } from "../../workspace/snapshot/compare.ts";
import type { LocatedTree } from "../../workspace/snapshot/locate-tree.ts";
import { livingRuns, type Registration, registerRun } from "./live-runs.ts";

/** What can be said of the work tree after a run, computed by us and not by Codex. */
export type Changes =
  | ListedChanges
  /** The sandbox was read-only, as Codex itself resolved it: there is nothing to compare. */
  | { readonly type: "read_only" }
  | { readonly type: "no_git" }
  | { readonly type: "unknown"; readonly reason: string; readonly gitMissing?: boolean };

export interface ListedChanges extends WorkTreeChanges {
  readonly type: "listed";
  readonly root: string;
  readonly alsoRunning: readonly string[];
  /** The work tree before and after, as git trees whose new objects are in the snapshot's folder. */
  readonly trees: { readonly before: string; readonly after: string };
}

export interface Evidence {
  /** Codex has run a command that may write. */
  acted(): void;
  /** Takes a second snapshot and compares. Never rejects: what cannot be known is `unknown`, with the reason. */
  collect(signal?: AbortSignal): Promise<Changes>;
  /** What has changed since the last `collect` is a check's doing, not Codex's; null: it cannot be known. */
  disown(signal: AbortSignal): Promise<WorkTreeChanges | null>;
  /** Whether no other run of ours works in the same place. */
  alone(): Promise<boolean>;
  /** The run no longer works in the tree. */
  close(): Promise<void>;
}

export interface EvidenceOptions {
  readonly state: string;
  readonly workspace: string;
  readonly sandbox: Sandbox;
  readonly sandboxRoots: readonly string[];
  /** The run's private folder for its index and objects. */
  readonly folder: string;
  readonly owner: Holder;
  /** Files and folders that we write ourselves: a report, a journal, our state in the work tree is not Codex's doing. */
  readonly ours: readonly string[];
  readonly signal: AbortSignal;
}

/** Takes the first snapshot of the work tree, unless the run cannot write. Never rejects. */
export async function beginEvidence(options: EvidenceOptions): Promise<Evidence> {
  if (options.sandbox.mode === "read-only") return readOnlyEvidence(options);
  let registration: Registration = NOBODY;
  try {
    const [{ locateTree }] = await modules();
    const { tree, read } = await locateTree(options.workspace, options.signal);
    const { state, owner, workspace, sandboxRoots } = options;
    registration = await registerRun(state, { ...owner, workTree: tree?.root ?? workspace }, sandboxRoots);
    return tree === undefined
      ? always({ type: "no_git" }, registration)
      : await snapshotEvidence(options, { tree, read, registration });
  } catch (error) {
    // A folder that is missing is a fault of its own, and has no cause.
    const gitMissing = error instanceof Error && isErrno(error.cause, "ENOENT");
    return always({ type: "unknown", reason: messageOf(error), gitMissing }, registration);
  }
}

/**
 * The sandbox of a run that only reads is proved; where commands ran, the work tree is looked at as well. The first look is not
 * waited for: Codex cannot write, and a run that only talks needs none.
 */
function readOnlyEvidence(options: EvidenceOptions): Evidence {
  const halt = new AbortController();
  const onAbort = () => halt.abort();
  options.signal.addEventListener("abort", onAbort, { once: true });
  const looking = lookBeside({ ...options, signal: halt.signal });
  let acted = false;
  return {
    ...always({ type: "read_only" }, NOBODY),
    acted: () => {
      acted = true;
    },
    async collect(until) {
      const evidence = acted ? await looking : null;
      const changes = (await evidence?.collect(until)) ?? null;
      if (changes?.type !== "listed" || changes.alsoRunning.length > 0) return { type: "read_only" };
      const { files, headMoved, refsMoved } = changes;
      return files.length > 0 || headMoved !== null || refsMoved.length > 0 ? changes : { type: "read_only" };
    },
    disown: async (until) => (await (await looking)?.disown(until)) ?? null,
    async close() {
      options.signal.removeEventListener("abort", onAbort);
      halt.abort();
      await looking;
    },
  };
}

/** Null: there is nothing to compare with. Others are looked for, but do not learn of a run that writes nothing. */
async function lookBeside(options: EvidenceOptions): Promise<Evidence | null> {
  try {
    const [{ locateTree }] = await modules();
    const { tree, read } = await locateTree(options.workspace, options.signal);
    if (tree === undefined) return null;
    const beside = async () => {
      const others = await livingRuns(options.state);
      return others.flatMap(({ runId, workTree }) => (workTree === tree.root ? [runId] : []));
    };
    const before = await beside();
    const registration = { ...NOBODY, beside: async () => [...new Set([...before, ...(await beside())])] };
    return await snapshotEvidence(options, { tree, read, registration });
  } catch {
    return null;
  }
}

interface Watched extends LocatedTree {
  readonly tree: WorkTree;
  readonly registration: Registration;
}

/** Few calls of this program need git. */
function modules() {
  return Promise.all([
    import("../../workspace/snapshot/locate-tree.ts"),
    import("../../workspace/snapshot/snapshot.ts"),
    import("../../workspace/snapshot/compare.ts"),
  ]);
}

async function snapshotEvidence(
  { folder, ours, signal }: EvidenceOptions,
  { tree, read, registration }: Watched,
): Promise<Evidence> {
  const [[, { takeSnapshot }, { compareSnapshots }]] = await Promise.all([modules(), makePrivateFolder(folder)]);
  const before = await takeSnapshot(tree, folder, signal, read ?? undefined);
  let [since, last] = [before, before];
  const touched = new Set<string>();
  const ourPaths = ours.map((path) => relative(tree.root, path));
  const isOurs = (path: string) => ourPaths.some((own) => path === own || path.startsWith(`${own}/`));
  return {
    ...always({ type: "no_git" }, registration),
    async collect(until) {
      try {
        const after = await takeSnapshot(tree, folder, until);
        const changes = await compareSnapshots({ tree, folder }, before, after, until);
        const own = since === before ? changes : await compareSnapshots({ tree, folder }, since, after, until);
        last = after;
        for (const { path, from = path } of own.files) if (!isOurs(path)) touched.add(path).add(from);
        return {
          type: "listed",
          root: tree.root,
          alsoRunning: await registration.beside(),
          trees: { before: before.tree, after: after.tree },
          ...among(touched, changes),
        };
      } catch (error) {
        return { type: "unknown", reason: until?.aborted ? "there was no time left to look" : messageOf(error) };
      }
    },
    async disown(until) {
      try {
        since = await takeSnapshot(tree, folder, until);
        return await compareSnapshots({ tree, folder }, last, since, until);
      } catch {
        return null; // the next look most likely fails too, and says so
      }
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
    acted: () => {},
    collect: async () => changes,
    disown: async () => null,
    alone: async () => (await registration.beside()).length === 0,
    close: () => registration.finish(),
  };
}

/** A run that writes nothing is in no one's way. */
const NOBODY: Registration = { beside: async () => [], finish: async () => {} };
