import { rm } from "node:fs/promises";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { Combination } from "../../workspace/worktree/bring-together/combine.ts";
import { finishLanding } from "../../workspace/worktree/bring-together/finish-landing.ts";
import { intoCheckout } from "../../workspace/worktree/bring-together/into-checkout.ts";
import { keepBranch } from "../../workspace/worktree/bring-together/keep-branch.ts";
import { aloneInTree } from "../../workspace/write/alone-in-tree.ts";
import { isOpen, type TaskState } from "../schedule/task-state.ts";
import { planOrder } from "./base-for.ts";
import { checkCommit } from "./check-combined.ts";
import type { BatchContext } from "./context.ts";
import { culpritAmong } from "./culprit.ts";
import { giveBack, together } from "./second-try.ts";

/**
 * Brings what is clean together, checks it as a whole, and puts it where it was wanted. True: a task got a second try, or one was left out,
 * and the batch goes on.
 */
export async function bringTogether(context: BatchContext): Promise<boolean> {
  const { log, bench } = context;
  const { schedule } = log;
  const { options, base } = schedule.begun;
  if (!options.worktrees || options.merge === "none" || schedule.landed !== null) return false;
  // An earlier process was about to write, or in the middle of it.
  if (schedule.landing !== null) {
    await land(schedule.landing.commit, context);
    return false;
  }
  // What may still begin, now or after a --resume, could not follow once the user's tree has the rest.
  if ([...schedule.tasks.values()].some(isOpen)) return false;
  const parts = together(planOrder(schedule));
  const all = await bench.combined(base, parts);
  const [conflict] = all.conflicts;
  if (conflict !== undefined) {
    await giveBack(conflict.id, onto(conflict.id, all, base, parts), conflict.files, context);
    return true;
  }
  if (all.commit === base) {
    log.record("batch_landed", { how: "none", commit: base, branch: null, reason: null, what: [] });
    return false;
  }
  if (options.check !== null && !(await holds(options.check, all.commit, context))) {
    const culprit = await searchCulprit(options.check, parts, context);
    if (culprit !== null) {
      log.record("task_left_out", { id: culprit, reason: "culprit", files: [] });
      context.watcher.say(`--check fails with the result of ${culprit}: left out`);
      return true;
    }
    await keep(all.commit, "check_fails_before", [], context);
    return false;
  }
  await land(all.commit, context);
  return false;
}

/** What came before the task whose result conflicts. */
function onto(id: string, { merged }: Combination, base: string, parts: readonly TaskState[]): string {
  const at = parts.findIndex(({ task }) => task.id === id);
  const earlier = new Set(parts.slice(0, at).map(({ task }) => task.id));
  return merged.findLast((one) => earlier.has(one.id))?.commit ?? base;
}

async function holds(command: string, commit: string, context: BatchContext): Promise<boolean> {
  const { log, watcher } = context;
  const known = log.schedule.checks.find((check) => check.commit === commit);
  if (known !== undefined) return known.passed;
  watcher.say(`checking the results together: ${command}`);
  const end = await checkCommit(command, commit, {
    ...context,
    worktree: context.paths.checkTree,
    options: log.schedule.begun.options,
    folder: context.paths.work,
    say: watcher.say,
  });
  log.record("check_finished", { commit, ...end });
  return end.passed;
}

async function searchCulprit(
  command: string,
  parts: readonly TaskState[],
  context: BatchContext,
): Promise<string | null> {
  const { base } = context.log.schedule.begun;
  const { bench } = context;
  return culpritAmong(
    parts.map(({ task }) => task.id),
    async (ids) => {
      const some = parts.filter(({ task }) => ids.includes(task.id));
      return holds(command, (await bench.combined(base, some)).commit, context);
    },
  );
}

async function land(commit: string, context: BatchContext): Promise<void> {
  const { log, tree, paths, watcher } = context;
  const { options, base } = log.schedule.begun;
  if (options.merge === "branch") return keep(commit, null, [], context);
  const folder = `${paths.work}/landing-${context.newRunId()}`;
  await makePrivateFolder(folder);
  const begun = log.schedule.landing !== null;
  if (!begun) log.record("landing_started", { commit });
  const landing = await aloneInTree(context, () =>
    (begun ? finishLanding : intoCheckout)(tree, { base, commit }, folder),
  );
  // Only now: what failed in the middle has left copies of the files in there, and says so.
  await rm(folder, { recursive: true, force: true });
  if (landing.type === "refused") return keep(commit, landing.reason, landing.what, context);
  log.record("batch_landed", { how: "applied", commit, branch: null, reason: null, what: [] });
  watcher.changed();
}

/** Under a branch of its own: wanted so, or because the user's tree cannot take it. */
async function keep(
  commit: string,
  reason: string | null,
  what: readonly string[],
  { log, tree, watcher }: BatchContext,
): Promise<void> {
  const branch = await keepBranch(tree, `ask-codex/${log.schedule.begun.batch_id}`, commit);
  log.record("batch_landed", { how: reason === null ? "branch" : "refused", commit, branch, reason, what });
  watcher.changed();
}
