import { basename } from "node:path";
import { type AskPlan, storedPlan } from "../../ask/model/plan.ts";
import { createSession } from "../../broker/command/create-session.ts";
import { launchWorker } from "../../broker/command/launch-worker.ts";
import type { MessageOptions } from "../../broker/store/message-options.ts";
import { PLAIN } from "../../broker/store/plain-options.ts";
import { queuedIds } from "../../broker/store/queue.ts";
import type { SessionOptions } from "../../broker/store/session-options.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import type { OrchestrationOptions } from "../../orchestrate/queue/options.ts";
import { withDefaults } from "../command/apply-defaults.ts";
import { preparePlan } from "../command/prepare-plan.ts";
import { requiredText } from "../command/task-text.ts";
import type { PlanFlags, TaskFlags } from "../command/turn-options.ts";
import { currentFolder, rootFolder, stateFolder } from "../edge/folders.ts";
import { requireState } from "../edge/output-path.ts";
import { workerProgram } from "../edge/own-program.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeOut } from "../edge/stdio.ts";
import { waitAfter } from "./wait.ts";

/** What `start` takes beside a task and a plan. */
export interface StartFlags extends PlanFlags, TaskFlags {
  readonly approvals: "never" | "ask";
  readonly answerTimeout: number;
  readonly linger: number;
  readonly lifeLimit: number;
  readonly worktree: boolean;
  readonly allowSharedWorktree: boolean;
  readonly wait?: number | undefined;
}

/** `codex_broker start`: the session and its task are on the disk, and its worker on its way, when this returns. */
export async function start(
  argument: string | undefined,
  said: StartFlags,
  given: ReadonlySet<string>,
): Promise<number> {
  refuseInside("codex_broker");
  const flags = await withDefaults(said, given, currentFolder());
  return begin(await requiredText("start requires an initial task.", flags, argument), flags, null);
}

/** A new session with its first message; `orchestration`: what a person allows it, where Codex leads. */
export async function begin(
  task: string,
  flags: StartFlags,
  orchestration: OrchestrationOptions | null,
): Promise<number> {
  const root = rootFolder();
  const plan = await preparePlan(flags, task, currentFolder(), stateFolder());
  await requireState(root);
  const options = { ...sessionOptions(plan, flags), orchestration };
  if (plan.name !== null) {
    const { warnOfNamedSession } = await import("../command/name-taken.ts");
    await warnOfNamedSession(plan.name, options.startedIn);
  }
  const { mode, network, addDirs } = plan.sandbox;
  const sandboxMode = mode === "danger-full-access" ? mode : null;
  const own: MessageOptions = {
    ...PLAIN,
    sandboxMode,
    network,
    addDirs: [...addDirs],
    role: plan.role,
    images: [...plan.images],
  };
  const folder = flags.worktree
    ? await (await import("../../broker/command/own-worktree.ts")).createInWorktree(root, {
        options,
        message: plan.prompt,
        own,
      })
    : await createSession(root, { options, message: plan.prompt, own });
  await launchWorker(folder, workerProgram(), queuedIds(sessionPaths(folder).queue));
  writeOut(`broker_id=${basename(folder)}\nsession_dir=${folder}\nstatus=queued\n`);
  return waitAfter(folder, flags.wait);
}

function sessionOptions(plan: AskPlan, flags: StartFlags): Omit<SessionOptions, "orchestration"> {
  const { target } = plan;
  const known = target.type === "new" ? null : target.record;
  const workspace = plan.workspace ?? known?.settings.cwd ?? currentFolder();
  return {
    plan: storedPlan.parse({ ...plan, approvals: flags.approvals === "ask" ? "on-request" : "never" }),
    workspace,
    workspaceAsked: plan.workspace !== null,
    startedIn: workspace,
    readOnly: flags.readOnly,
    fullAuto: flags.sandbox === undefined && !flags.readOnly,
    lingerSeconds: flags.linger,
    lifeSeconds: flags.lifeLimit,
    answerSeconds: flags.answerTimeout,
    environment: { clean: flags.cleanEnv, keep: flags.keepEnv },
    sharedWorktree: flags.allowSharedWorktree,
    worktree: null,
    from: target.type === "new" ? null : { type: target.type, threadId: target.threadId },
  };
}
