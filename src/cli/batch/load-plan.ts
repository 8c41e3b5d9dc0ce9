import { realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { inspectPlan, type PlanInspection } from "../../batch/check/inspect.ts";
import { secretBelow } from "../../batch/check/secret-below.ts";
import { readTasks } from "../../batch/check/tasks.ts";
import { requireCopyable } from "../../batch/place/prepare.ts";
import type { Fault } from "../../batch/plan/fault.ts";
import { planOfFolder } from "../../batch/plan/folder.ts";
import { type BatchOptions, narrowed } from "../../batch/plan/options.ts";
import { type ReadPlan, readPlan } from "../../batch/plan/read.ts";
import { secretsAmong } from "../../batch/plan/secrets.ts";
import type { BatchTask } from "../../batch/plan/task.ts";
import { fileFault, UsageError } from "../../errors.ts";
import { readUserConfig, userConfigPath } from "../../files/config/user-file.ts";
import { readPlain } from "../../files/read-plain.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { headCommit } from "../../workspace/git/read-head.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { homeFolder } from "../edge/home.ts";
import { ownPackage } from "../edge/own-package.ts";
import { readPromptFile } from "../edge/text-input.ts";
import { handoffTree } from "../handoff/place.ts";
import type { LookOptions } from "./look-at-machines.ts";
import { type CheckFlags, machineNames } from "./options.ts";

/** A plan, read and looked at. */
export interface LoadedPlan {
  /** Where it came from: a full path, or `-`. */
  readonly from: string;
  readonly tree: WorkTree;
  readonly base: string;
  readonly options: BatchOptions;
  readonly tasks: readonly BatchTask[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Null: the tasks cannot be read. */
  readonly inspection: PlanInspection | null;
}

export type PlanFlags = Omit<CheckFlags, "json"> &
  Partial<Pick<BatchOptions, "check" | "setup" | "failFast" | "maxTokens">> & { readonly queue?: string | undefined };

/**
 * Reads a plan and finds every fault in it that can be found before anything starts.
 * @throws UsageError when there is no such plan, no repository, or no commit to begin with
 */
export async function loadPlan(given: string, flags: PlanFlags): Promise<LoadedPlan> {
  const tree = await handoffTree(flags.workspace, "The tasks of a batch begin with a commit");
  const base = await headCommit(tree);
  if (base === null)
    throw new UsageError("The repository has no commit for tasks to begin with.", "Make a first commit.");
  const from = given === "-" ? given : resolve(currentFolder(), given);
  const read = await readFrom(from);
  const asked = await optionsFrom(flags, tree.root);
  const nothing = { from, tree, base, tasks: [], warnings: [], inspection: null };
  if (read.plan === null) return { ...nothing, options: { ...asked, worktrees: true }, faults: read.faults };
  const places = { root: tree.root, searchPath: ownEnvironment()["PATH"] ?? "", roles: join(ownPackage(), "roles") };
  const { tasks, ...found } = await readTasks(read.plan.tasks, places);
  const elsewhere = flags.queue !== undefined;
  const apart = elsewhere || asked.machines.length > 0 || tasks.some(({ writes }) => writes);
  const worktrees = flags.worktree === "always" || (flags.worktree !== "never" && apart);
  const options = narrowed({ ...asked, worktrees }, read.plan);
  if (!worktrees && flags.merge === "branch")
    throw new UsageError(
      "--merge branch needs worktrees: without them the results are in your work tree.",
      "Use --worktree always, or leave --merge out.",
    );
  const { parallel, merge, copies } = options;
  const place = {
    tree,
    state: stateFolder(),
    // A batch over a queue has only the tree for --check here.
    parallel: elsewhere ? 1 : parallel,
    worktrees,
    merge,
    copies,
    verifyRounds: flags.verifyRounds ?? ROUNDS,
  };
  const inspection = await inspectPlan(tasks, place);
  const machines = asked.machines.length === 0 ? NOTHING_AMISS : await lookAt({ options, tasks, tree, base });
  return {
    ...{ from, tree, base, options, tasks, inspection },
    faults: [...found.faults, ...inspection.faults, ...machines.faults],
    warnings: [...found.warnings, ...inspection.warnings, ...machines.warnings],
  };
}

const NOTHING_AMISS = { faults: [], warnings: [] };

/** What speaks to machines is loaded by those who have some. */
async function lookAt(plan: LookOptions) {
  return (await import("./look-at-machines.ts")).lookAtMachines(plan);
}

/** How often a failed check of a task goes back to Codex, where nothing says otherwise. */
export const ROUNDS = 1;

async function readFrom(from: string): Promise<ReadPlan> {
  if (from === "-") return readPlan(await readPromptFile("-"));
  try {
    if ((await stat(from)).isDirectory()) return await planOfFolder(await realpath(from));
    return await readPlan(readPlain(from, { follow: true, limit: MOST_BYTES }));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `The plan cannot be read: ${from} (${fileFault(error)})`,
      "Name a file, a folder of handoff documents, or - for stdin.",
    );
  }
}

const MOST_BYTES = 16 * 1024 * 1024;

/** Tasks at once, as a rule and at most. Here each has a Codex of some 50 MB; over a queue the workers say how many they take. */
export const PARALLEL = { here: [3, 20], elsewhere: [100, 1000] } as const;

/** Whether worktrees are needed the tasks decide. */
async function optionsFrom(flags: PlanFlags, root: string): Promise<Omit<BatchOptions, "worktrees">> {
  const { batch } = await readUserConfig(userConfigPath(ownEnvironment(), homeFolder()));
  const own = batch?.copy ?? [];
  // What the configuration names is for every repository, and not in each.
  const others = flags.copy.filter((path) => !own.includes(path));
  for (const path of secretsAmong(others)) throw secretRefused(path, path);
  for (const path of others) {
    await requireCopyable(path, root);
    const secret = await secretBelow(root, path);
    if (secret !== null) throw secretRefused(path, secret);
  }
  const [usual, most] = flags.queue === undefined ? PARALLEL.here : PARALLEL.elsewhere;
  const { parallel = usual } = flags;
  if (parallel > most) throw new UsageError(`--parallel takes 1 to ${most}${most === 1000 ? "" : " on one machine"}.`);
  return {
    parallel,
    merge: flags.merge ?? "apply",
    check: flags.check ?? null,
    setup: flags.setup ?? null,
    copies: [...new Set([...own, ...flags.copy])],
    machines: machineNames(flags.on),
    failFast: flags.failFast ?? false,
    maxTokens: flags.maxTokens || null,
  };
}

function secretRefused(copied: string, path: string): UsageError {
  const what = path === copied ? "it looks as if it held secrets" : `${path} looks as if it held secrets`;
  return new UsageError(
    `--copy ${copied}: ${what}, and Codex would read them.`,
    `If it must go along, name ${copied} in your own configuration: batch.copy in ~/.config/ask-codex/config.yaml.`,
  );
}
