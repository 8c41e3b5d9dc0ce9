import { basename } from "node:path";
import { livingRuns } from "../../ask/model/live-runs.ts";
import type { SandboxMode } from "../../codex/settings.ts";
import { sessionBusy, treeOf } from "../store/session-busy.ts";
import { sessionPaths } from "../store/session-paths.ts";

/**
 * Makes sure that a session which is given work does not do it in a work tree where another session writes right now. `ownMode`: the
 * sandbox that the message has for itself.
 * @throws AskCodexError `session_busy`, naming the other
 */
export async function requireFreeTree(folder: string, state: string, ownMode: SandboxMode | null): Promise<void> {
  const others = (await livingRuns(state)).filter(({ session }) => session !== undefined && session !== folder);
  if (others.length === 0) return;
  const { readSession } = await import("../store/session-log.ts");
  const { options } = readSession(sessionPaths(folder).events);
  const mode = ownMode ?? options.plan.sandbox.mode;
  const reads = mode === "read-only" && options.orchestration === null;
  if (options.sharedWorktree || options.worktree !== null || reads) return;
  const root = await treeOf(options.workspace);
  const other = others.find(({ workTree }) => workTree === root);
  if (other?.session === undefined) return;
  throw sessionBusy(basename(other.session), "or start sessions with --worktree or --allow-shared-worktree.");
}
