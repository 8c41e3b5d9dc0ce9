import { findCodex } from "../../codex/find-codex.ts";
import { dropLaunched, launchCodex } from "../../codex/launch.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { Hold } from "../../process/hold.ts";
import type { HeldCodex, StartedCodex } from "../model/codex-source.ts";
import type { AskPlan } from "../model/plan.ts";
import type { StartContext } from "../model/start-context.ts";

/**
 * Takes the thread, starts Codex, and has the thread opened in it. A failure leaves neither a process nor a hold. What the opening needs
 * is loaded while Codex starts.
 * @throws AskCodexError, or the signal's reason
 */
export async function startThread(
  plan: AskPlan,
  context: StartContext,
  paths: RunPaths,
  held: Hold | null = null,
): Promise<StartedCodex<HeldCodex>> {
  const early = held ?? (await ownThread(plan, context));
  try {
    const { elsewhere } = context;
    const command = elsewhere?.codex?.command ?? (await findCodex(context.search));
    const launched = launchCodex(command, {
      config: [...plan.config, ...(elsewhere?.environment.config ?? [])],
      cwd: plan.workspace ?? (plan.target.type === "new" ? null : plan.target.record?.settings.cwd) ?? "/",
      env: context.env,
      // A process that finds the owner's hold finds what the owner has left running as well.
      runId: context.owner.runId,
      stderrPath: paths.stderr,
    });
    const opened = import("./open-launched.ts").then(
      ({ openLaunched }) => openLaunched(launched, { plan, context, paths, command, early }),
      // The package may have been written over meanwhile.
      async (error) => {
        dropLaunched(launched);
        await early?.release().catch(() => {});
        throw error;
      },
    );
    return { opened };
  } catch (error) {
    // Clean-up: what fails in it must not hide the cause.
    await early?.release().catch(() => {});
    throw error;
  }
}

/** A new thread, a fork included, belongs to no one yet. */
async function ownThread(plan: AskPlan, context: StartContext): Promise<Hold | null> {
  if (plan.target.type !== "resume") return null;
  const { takeThread } = await import("./take-thread.ts");
  return takeThread(plan.target.threadId, plan, context);
}
