import { rm } from "node:fs/promises";
import { AskCodexError } from "../../errors.ts";
import { runPaths } from "../../files/state-paths.ts";
import { counted } from "../../text/words.ts";
import { addWorktree, removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { compareWithMemory } from "../memory/compare.ts";
import { memoryFolder, readMemory, remember } from "../memory/memory.ts";
import { bundlesOf } from "../target/bundles.ts";
import { resolveTarget, type Target } from "../target/target.ts";
import { planTurns, type TurnPlan } from "../turn/counted-turns.ts";
import { isConfiguration, planIn } from "../turn/isolation.ts";
import { blockingOf, isOpen, type JudgedFinding, type Refutation, verdictOf } from "../verdict/verdict.ts";
import { byWeight } from "./by-weight.ts";
import { documentsOf } from "./documents.ts";
import { endOf } from "./end.ts";
import { findFaults } from "./find.ts";
import { memoryLine } from "./memory-line.ts";
import type { ReviewOutcome } from "./outcome.ts";
import { proveFindings } from "./prove.ts";
import { refuteFindings } from "./refute.ts";
import type { ReviewContext, ReviewRequest } from "./request.ts";
import { holdReview } from "./review-hold.ts";
import { turnTaker } from "./turn-taker.ts";
import { worktreePlace } from "./worktree-place.ts";

/**
 * Reviews a change: reviewers read it in read-only turns, the program finds the places of what they quote, a fresh thread tries to refute
 * what weighs most, and what earlier reviews and people have said is taken into account. The user's work tree is not touched.
 * @throws UsageError before Codex starts, when the change cannot be resolved or is too large for the budget
 */
export async function runReview(request: ReviewRequest, context: ReviewContext): Promise<ReviewOutcome> {
  const { state, reviewId } = context;
  const paths = runPaths(state, reviewId);
  const hold = await holdReview(state, reviewId);
  try {
    return await reviewWithin(paths.snapshot, request, context);
  } catch (error) {
    // Wrong input leaves nothing behind.
    await rm(paths.folder, { recursive: true, force: true });
    throw error;
  } finally {
    await hold.release();
    await rm(paths.snapshot, { recursive: true, force: true });
  }
}

/** `folder`: for the index and the objects of this review alone. */
async function reviewWithin(folder: string, request: ReviewRequest, context: ReviewContext): Promise<ReviewOutcome> {
  const { signal, state, reviewId } = context;
  const startedAt = new Date();
  const target = await resolveTarget(request.target, { tree: request.tree, folder, signal });
  const turns = planTurns(bundlesOf(target.files), request.budget);
  if (target.files.length === 0) return nothing(request, context, { target, startedAt });
  context.say(describeTurns(target, turns));
  const worktree = target.inPlace ? null : await checkedOut(target, worktreePlace(state, reviewId, "reading"), signal);
  try {
    return await reviewTarget(request, context, {
      target,
      turns,
      startedAt,
      workspace: worktree ?? target.work.tree.root,
    });
  } finally {
    if (worktree !== null) await removeWorktree(target.work.tree.root, worktree);
  }
}

interface Ready {
  readonly target: Target;
  readonly turns: TurnPlan;
  readonly startedAt: Date;
  /** Where Codex reads the new side. */
  readonly workspace: string;
}

async function reviewTarget(request: ReviewRequest, context: ReviewContext, ready: Ready): Promise<ReviewOutcome> {
  const { target, turns, workspace, startedAt } = ready;
  const { reviewId } = context;
  const { tree } = target.work;
  const plan = planIn(request.plan, { tree, workspace, mode: "read-only" });
  const { maxTurns } = request.budget;
  const limits = { maxTurns, maxTokens: request.maxTokens, totalMs: request.plan.limits.totalMs };
  const taker = turnTaker(plan, limits, context);
  const memory = await memoryFolder(context.state, tree);
  const known = [...readMemory(memory, request.since).values()];
  const decided = known.filter(({ decision }) => decision !== null && decision.resolution !== "fixed");
  const documents = await documentsOf(request.documents, target);
  const { coverage, findings, answered } = await findFaults({ target, turns, documents, decided }, request, taker);
  const renamed = new Map(
    target.files.flatMap(({ path, from }) => (from === undefined ? [] : [[from, path] as const])),
  );
  const read = coverage.filter(({ status }) => status === "reviewed").map(({ path }) => path);
  const complete = read.length === coverage.length;
  const compare = (covered: readonly string[]) =>
    compareWithMemory(findings, known, { covered: new Set(covered), renamed });
  const compared = compare(complete ? read : []);
  const open = compared.findings.filter(({ decision }) => decision === null);
  const refutations = request.budget.refute ? await refuteFindings(open, target, taker) : new Map<string, Refutation>();
  const confirmed = open.filter(({ id }) => refutations.get(id)?.answer === "confirmed");
  const proofs = request.budget.prove
    ? await proveFindings(confirmed, { target, plan: request.plan, taker, context })
    : null;
  const judged = compared.findings
    .map((finding): JudgedFinding => {
      const { id } = finding;
      return { ...finding, refutation: refutations.get(id) ?? null, proof: proofs?.get(id) ?? null };
    })
    .toSorted(byWeight);
  const cutShort = taker.cutShort();
  const verdict = verdictOf({ coverage, answered, findings: judged, cutShort });
  // An incomplete review resolves nothing.
  const { missing } = verdict === "incomplete" ? compare([]) : compared;
  const blocking = blockingOf(judged, request.failOn);
  const line =
    answered > 0
      ? memoryLine(reviewId, judged.filter(isOpen), { findings: compared.findings, missing })
      : { type: "not_reviewed" as const, review: reviewId, at: new Date().toISOString() };
  await remember(memory, line);
  return {
    reviewId,
    ...endOf({
      verdict,
      blocking,
      failOn: request.failOn,
      records: taker.records,
      signal: context.signal,
      cutShort,
    }),
    verdict,
    target: target.name,
    workspace: tree.root,
    findings: judged,
    blocking,
    missing,
    coverage,
    configurationEdits: target.files.map(({ path }) => path).filter(isConfiguration),
    turns: taker.records,
    cutShort,
    startedAt: startedAt.toISOString(),
    elapsedMs: Date.now() - startedAt.getTime(),
  };
}

/** The new side, where it is not what lies in the work tree. */
async function checkedOut({ work, after }: Target, folder: string, signal: AbortSignal): Promise<string> {
  if (after.commit === null) throw new AskCodexError("internal", "a review of the work tree needs no worktree");
  return (await addWorktree(work.tree, folder, { commit: after.commit, signal })).folder;
}

function describeTurns({ name, files }: Target, { reviewers, most }: TurnPlan): string {
  const lines = files.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0);
  const range = reviewers.length === most ? counted(most, "turn") : `${reviewers.length} to ${counted(most, "turn")}`;
  return `Reviewing ${name}: ${counted(files.length, "file")}, ${counted(lines, "changed line")}, ${range}`;
}

function nothing(
  { tree }: ReviewRequest,
  { reviewId }: ReviewContext,
  { target, startedAt }: { readonly target: Target; readonly startedAt: Date },
): ReviewOutcome {
  return {
    reviewId,
    status: "completed",
    error: null,
    signal: null,
    verdict: "nothing",
    target: target.name,
    workspace: tree.root,
    findings: [],
    blocking: [],
    missing: [],
    coverage: [],
    configurationEdits: [],
    turns: [],
    cutShort: null,
    startedAt: startedAt.toISOString(),
    elapsedMs: Date.now() - startedAt.getTime(),
  };
}
