import { rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { UsageError } from "../../errors.ts";
import { randomHex } from "../../files/random-hex.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { findWorkTree, requireWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { runGit } from "../../workspace/git/git.ts";
import { patchOf, type WorktreePatch } from "../../workspace/worktree/patch.ts";
import { workApart } from "../../workspace/worktree/work-apart.ts";
import { aloneInTree } from "../../workspace/write/alone-in-tree.ts";
import { applyPatch } from "../../workspace/write/apply-patch.ts";
import { readSession } from "../store/session-log.ts";
import { type SessionPaths, sessionPaths } from "../store/session-paths.ts";
import { createSession, type NewSession } from "./create-session.ts";
import { inspectSession } from "./inspect-session.ts";

/** A session that works in a git worktree of its own, at the same place inside of it. */
export async function createInWorktree(root: string, session: NewSession): Promise<string> {
  const { workspace } = session.options;
  const why = "--worktree makes a worktree of a repository";
  const tree = await requireWorkTree(workspace, { why, hint: "Drop it, or name another workspace with -w." });
  const place = relative(tree.root, workspace);
  if (place !== "" && !(await isCommittedFolder(tree, place)))
    throw new UsageError(
      `--worktree makes a worktree of the last commit, and there is no folder ${place} in it.`,
      "Commit something in it, or start from another folder with -w.",
    );
  return createSession(root, session, async (folder) => {
    const { tree: apart, base } = await workApart(tree, sessionPaths(folder).worktree);
    const own = { repository: tree.root, folder: apart.root, base };
    return { ...session.options, worktree: own, workspace: join(apart.root, place) };
  });
}

/** True as well where there is no commit at all, which is found out later. */
async function isCommittedFolder(tree: WorkTree, place: string): Promise<boolean> {
  const found = await runGit(["ls-tree", "-d", "-z", "HEAD", "--", place], { cwd: tree.root }).catch(() => null);
  return found === null || found !== "";
}

/** All that was done in the worktree of the session in this folder. */
export async function patchOfSession(folder: string): Promise<WorktreePatch> {
  const paths = sessionPaths(folder);
  const { folder: worktree, base } = worktreeOf(paths);
  const scratch = join(folder, `patch-${randomHex(6)}`);
  await makePrivateFolder(scratch);
  try {
    return await patchOf({ folder: worktree, base }, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @throws UsageError while the session is at work in its worktree */
export async function requireIdle(folder: string): Promise<void> {
  worktreeOf(sessionPaths(folder));
  const { state } = await inspectSession(folder);
  if (state.run_id !== null)
    throw new UsageError(
      "The session is at work in its worktree.",
      `Wait for it: codex_broker wait ${state.broker_id}`,
    );
}

/** Merges the session's patch into the work tree that it was started in: all of it or nothing. A patch that was applied is kept. */
export async function applyToOrigin(
  folder: string,
  made: WorktreePatch,
  state: string,
): Promise<Awaited<ReturnType<typeof applyPatch>>> {
  const paths = sessionPaths(folder);
  const { repository } = worktreeOf(paths);
  const tree = await findWorkTree(repository);
  if (tree === undefined)
    throw new UsageError(
      `The repository that the session was started in is gone: ${repository}`,
      "Put it back: codex_broker patch shows what the session did.",
    );
  const scratch = join(folder, `apply-${randomHex(6)}`);
  await makePrivateFolder(scratch);
  const result = await aloneInTree({ tree, state }, () => applyPatch(tree, made, scratch));
  // Only now: what failed in the middle has left copies of the files in there, and says so.
  await rm(scratch, { recursive: true, force: true });
  if (result.type === "applied") await writeWhole(paths.applied, made.patch);
  return result;
}

function worktreeOf(paths: SessionPaths) {
  const { worktree } = readSession(paths.events).options;
  if (worktree === null)
    throw new UsageError(
      "The session has no worktree of its own: its changes are in the workspace.",
      "Start one with --worktree.",
    );
  return worktree;
}
