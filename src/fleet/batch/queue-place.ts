import { rm } from "node:fs/promises";
import { join } from "node:path";
import { outsideOf } from "../../batch/place/job-plan.ts";
import type { Job, Place } from "../../batch/place/place.ts";
import { resultOfFailure, statusWith } from "../../batch/place/result-of-run.ts";
import type { CodexOptions } from "../../batch/plan/options.ts";
import type { BatchTask } from "../../batch/plan/task.ts";
import type { TaskResult } from "../../batch/schedule/result.ts";
import { AskCodexError, asExpected } from "../../errors.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { diffTrees } from "../../workspace/git/diff-trees.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { openPrivateIndex } from "../../workspace/git/private-index.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import { commitResult } from "../../workspace/worktree/bring-together/result-commit.ts";
import type { Attempts } from "../coordinator/attempts.ts";
import type { Offers } from "../engine/engine.ts";
import type { Answer, Asks, Offer } from "../wire/offer.ts";
import type { Parcels } from "./parcels.ts";
import { asTravellingResult, type TravellingTask } from "./work.ts";

export interface QueuePlaceOptions {
  readonly tree: WorkTree;
  readonly attempts: Attempts;
  readonly offers: Offers;
  readonly parcels: Parcels;
  readonly codex: CodexOptions;
  readonly setup: string | null;
  /** Which workers see the tasks; null: all. */
  readonly label: string | null;
  /** Where patches and the workers' reports go. */
  readonly patches: string;
  /** The text of the task's document, and what the task asks of a worker. */
  readonly needs: (task: BatchTask) => Promise<{ readonly document: string | null; readonly asks: Asks }>;
  /** Told who works on which task. */
  readonly onWorker: (task: string, doing: (line: string) => void) => void;
}

/** Workers on a queue. What comes back is judged again here, from the patch itself; a worker's word on its files counts for nothing. */
export function queuePlace(options: QueuePlaceOptions): Place {
  return {
    // A worker's tree goes with the worker: nothing of it is ever here.
    worktreeOf: () => null,
    sweep: async () => [],
    async run(job, watcher, signal) {
      try {
        options.onWorker(job.task.id, watcher.doing);
        const offer = await offerOf(job, options);
        const former = await formerAttempt(job, options.offers);
        const answer = await options.attempts.answerOf({ offer, label: options.label, former, signal });
        return await resultOf(answer, job, options);
      } catch (error) {
        return resultOfFailure(asExpected(error, `the task ${job.task.id}`), job, {
          cancelled: signal.aborted,
          begun: false,
        });
      }
    },
  };
}

async function offerOf(job: Job, { parcels, codex, setup, needs }: QueuePlaceOptions) {
  const { task } = job;
  const { document, asks } = await needs(task);
  const work: TravellingTask = { task, document, codex, setup };
  return {
    task: nameOf(job),
    files: await parcels(job.base),
    ...asks,
    work,
  } satisfies Omit<Offer, "batch" | "attempt" | "expires">;
}

/** Attempts at the same task on the same base begin alike: a coordinator that comes back knows its own by that. */
function nameOf({ task, base }: Job): string {
  return `${task.id}.${base.slice(0, 12)}`;
}

async function formerAttempt(job: Job, offers: Offers): Promise<string | null> {
  const start = `${nameOf(job)}.`;
  const standings = await offers.standing();
  return standings.find(({ id, state }) => id.startsWith(start) && state !== "lost")?.id ?? null;
}

async function resultOf(answer: Answer, job: Job, options: QueuePlaceOptions): Promise<TaskResult> {
  if (answer.type !== "done") {
    const what = answer.type === "refused" ? "was refused by" : "failed at";
    const error = new AskCodexError("usage", `the task ${what} the worker ${answer.worker}: ${answer.why}`);
    return { ...resultOfFailure(error, job, { cancelled: false, begun: false }), status: "failed" };
  }
  const { result, report } = asTravellingResult(answer.work);
  const patch = Buffer.from(answer.patch, "base64");
  const written = await writeParts(job, { patch, report }, options.patches);
  const files = await changedBy(patch, job, options);
  const outside = job.task.files === null ? result.outside : outsideOf(files, job.task.files);
  return {
    ...result,
    status: statusWith({ ...result, outside }),
    // The session is at the worker, where no one can go on with it.
    session_id: null,
    run_id: job.runId,
    base: job.base,
    output_path: written.report,
    patch: written.patch,
    files: result.files === null ? null : files.length + result.missing.length,
    outside,
    // What is left at a worker goes with the worker's folder.
    stranded: false,
  };
}

async function writeParts(
  { runId }: Job,
  { patch, report }: { readonly patch: Buffer; readonly report: string | null },
  folder: string,
): Promise<{ readonly patch: string | null; readonly report: string | null }> {
  const places = { patch: join(folder, `${runId}.patch`), report: join(folder, `${runId}.md`) };
  if (report !== null) await writeWhole(places.report, report);
  if (patch.length > 0) await writeWhole(places.patch, patch);
  return { patch: patch.length === 0 ? null : places.patch, report: report === null ? null : places.report };
}

/** @throws AskCodexError when it is not a patch on the job's base */
async function changedBy(patch: Buffer, { base, runId }: Job, { tree, patches }: QueuePlaceOptions) {
  if (patch.length === 0) return [];
  const folder = join(patches, `${runId}.judge`);
  await makePrivateFolder(folder);
  try {
    const { filters } = await readSettings(tree);
    await openPrivateIndex(tree, folder);
    const commit = await commitResult({ tree, folder, filters }, { base, patch }, "a worker's result");
    return await diffTrees({ tree, folder }, { tree: base, filters }, { tree: commit, filters });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
