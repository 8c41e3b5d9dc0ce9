import { rm } from "node:fs/promises";
import type { ListedChanges } from "../../ask/model/evidence.ts";
import { livingRuns } from "../../ask/model/live-runs.ts";
import type { CodexCommand } from "../../codex/find-codex.ts";
import { missingMountPoints, removeMountPoints } from "../../codex/sandbox/mount-points.ts";
import { newId, runPaths } from "../../files/state-paths.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { ledgerPath } from "../../ledger/ledger.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { compareSnapshots } from "../../workspace/snapshot/compare.ts";
import { takeSnapshot } from "../../workspace/snapshot/snapshot.ts";
import type { Contract } from "../document/handoff.ts";
import { gatherFacts } from "../facts/gather-facts.ts";
import { judge } from "../judge/judge.ts";
import { NOT_JUDGED } from "./contract-reviewer.ts";
import { formerRun } from "./former-run.ts";
import type { HandoffOutcome, Judged } from "./outcome.ts";
import { renderHandoffReport } from "./report.ts";
import { toHandoffResult } from "./result.ts";
import { verdictOf } from "./verdict.ts";
import { verifyBase } from "./verify-base.ts";

export interface HandoffVerification {
  readonly contract: Contract;
  readonly tree: WorkTree;
  /** The document's full path. */
  readonly document: string;
  readonly state: string;
  /** What the work began from; where history has gone on there, the commit it branched off at. Null: HEAD. */
  readonly base: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** The Codex in whose sandbox validation runs; null: it runs as we do. */
  readonly sandbox: CodexCommand | null;
  readonly signal: AbortSignal;
  readonly checking: (command: string) => void;
}

/** Holds what the work tree has beyond the base, committed or not, against the contract: the verdict of a run, without Codex. */
export async function verifyHandoff(
  verification: HandoffVerification,
): Promise<{ readonly outcome: HandoffOutcome; readonly report: string; readonly result: string }> {
  const { contract, tree, document, state, env, sandbox, signal, checking } = verification;
  const base = await verifyBase(tree, verification.base, signal);
  const { folder, snapshot, report, result } = runPaths(state, newId());
  await makePrivateFolder(snapshot);
  const mountPoints = sandbox === null ? [] : await missingMountPoints([tree.root]);
  try {
    const changes = await changesSince(base.tree, verification, snapshot);
    const place = { tree, snapshots: snapshot, document, records: [ledgerPath(state)], signal };
    const gathered = await gatherFacts(contract, place, null, {
      ...{ changes, env, sandbox, folder, checking },
      round: 0,
      known: new Map(),
      deeds: null,
    });
    signal.throwIfAborted();
    const facts = { ...gathered.facts, remarks: [...base.remarks, ...gathered.facts.remarks] };
    const findings = judge(contract, facts);
    const isIdle = facts.idle && findings.length === 0;
    const former = isIdle ? await formerRun(contract, { tree, state, signal }) : null;
    const judged: Judged = { ...NOT_JUDGED, facts, findings, formerRun: former };
    const none = { undone: null, commit: { type: "none" }, run: null } as const;
    const outcome = { contract, judged, signal: null, ...none, ...verdictOf({ ...none, judged }) };
    await writeWhole(report, renderHandoffReport(outcome));
    await writeWhole(result, `${JSON.stringify(toHandoffResult(outcome), null, 2)}\n`);
    return { outcome, report, result };
  } catch (error) {
    // Without a verdict there is nothing to keep.
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    // A run may use them: its sandbox would lose what it protects.
    const isBusy = (await livingRuns(state)).some(({ workTree }) => workTree === tree.root);
    if (!isBusy) await removeMountPoints(mountPoints);
    await rm(snapshot, { recursive: true, force: true });
  }
}

const PLANNING = /^\.ask-codex\/|(?:^|\/)CODEX-[^/]+\.md$/;

/** Document and lessons are written before and after the work, and often committed with it: they are not what is judged. */
async function changesSince(
  base: string,
  { contract, tree, signal }: HandoffVerification,
  snapshot: string,
): Promise<ListedChanges> {
  const now = await takeSnapshot(tree, snapshot, signal);
  const before = { ...now, tree: base, stamps: new Map<string, string>(), dirty: [] };
  const uncommitted = new Set(now.dirty);
  // A plan, a policy or a role that is not committed yet is the planner's; one that the work has committed is reported.
  const isPlanning = (path: string) =>
    path === contract.document || path === contract.lessonsFile || (PLANNING.test(path) && uncommitted.has(path));
  const changes = await compareSnapshots({ tree, folder: snapshot }, before, now, signal);
  const files = changes.files.filter(({ path }) => !isPlanning(path));
  return {
    ...changes,
    type: "listed",
    root: tree.root,
    files,
    alsoRunning: [],
    trees: { before: base, after: now.tree },
  };
}
