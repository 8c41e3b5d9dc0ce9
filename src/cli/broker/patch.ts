import { rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { createSession, type NewSession } from "../../broker/command/create-session.ts";
import { inspectSession } from "../../broker/command/inspect-session.ts";
import { readSession } from "../../broker/store/session-log.ts";
import { type SessionPaths, sessionPaths } from "../../broker/store/session-paths.ts";
import { UsageError } from "../../errors.ts";
import { randomHex } from "../../files/random-hex.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { oneLine } from "../../text/defuse.ts";
import { findWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { addWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { patchOf, type WorktreePatch } from "../../workspace/worktree/patch.ts";
import { applyPatch } from "../../workspace/write/apply-patch.ts";
import { sessionFrom } from "../command/session-place.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";

/** A session that works in a git worktree of its own, at the same place inside of it. */
export async function createInWorktree(root: string, session: NewSession): Promise<string> {
  const { workspace } = session.options;
  const tree = await findWorkTree(workspace);
  if (tree === undefined) throw new UsageError(`--worktree needs a git repository, and ${workspace} is in none.`);
  return createSession(root, session, async (folder) => {
    const { folder: worktree, base } = await addWorktree(tree, sessionPaths(folder).worktree);
    const own = { repository: tree.root, folder: worktree, base };
    return { ...session.options, worktree: own, workspace: join(worktree, relative(tree.root, workspace)) };
  });
}

/** `codex_broker patch`: what the session's worktree has beyond the commit it began with. */
export async function patch(id: string | undefined): Promise<number> {
  const { patch: bytes, missing } = await patchIn(await sessionFrom("patch", id));
  warnOf(missing);
  writeOut(bytes);
  return 0;
}

/** `codex_broker apply`: all of it or nothing. */
export async function apply(id: string | undefined): Promise<number> {
  const folder = await sessionFrom("apply", id);
  const { repository } = worktreeOf(sessionPaths(folder));
  const { state } = await inspectSession(folder);
  if (state.run_id !== null)
    throw new UsageError(
      "The session is at work in its worktree.",
      `Wait for it: codex_broker wait ${state.broker_id}`,
    );
  const made = await patchIn(folder);
  warnOf(made.missing);
  const tree = await findWorkTree(repository);
  if (tree === undefined) throw new UsageError(`The repository that the session was started in is gone: ${repository}`);
  return applyTo(tree, made, folder);
}

async function applyTo(tree: WorkTree, made: WorktreePatch, folder: string): Promise<number> {
  const scratch = join(folder, `apply-${randomHex(6)}`);
  await makePrivateFolder(scratch);
  const result = await applyPatch(tree, made, scratch);
  // Only now: what failed in the middle has left copies of the files in there, and says so.
  await rm(scratch, { recursive: true, force: true });
  const told = (lines: readonly string[]) => writeOut([`broker_id=${basename(folder)}`, ...lines, ""].join("\n"));
  switch (result.type) {
    case "empty":
      told(["applied=nothing"]);
      return 0;
    case "applied":
      await writeWhole(sessionPaths(folder).applied, made.patch);
      told([
        `applied=clean`,
        `files_changed=${result.files.length}`,
        ...result.files.map(({ path }) => `file=${oneLine(path, 500)}`),
      ]);
      return 0;
    case "conflicts":
      told([`applied=none`, ...result.paths.map((path) => `conflict=${oneLine(path, 500)}`)]);
      writeErr(
        "[ERROR] The patch does not fit the work tree as it is; nothing was touched. Take it by hand: codex_broker patch.\n",
      );
      return 1;
  }
}

async function patchIn(folder: string): Promise<WorktreePatch> {
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

function worktreeOf(paths: SessionPaths) {
  const { worktree } = readSession(paths.events).options;
  if (worktree === null)
    throw new UsageError(
      "The session has no worktree of its own: its changes are in the workspace.",
      "Start one with --worktree.",
    );
  return worktree;
}

function warnOf(missing: readonly string[]): void {
  if (missing.length > 0)
    writeErr(
      `[WARNING] not in the patch, which cannot hold it: ${missing.map((path) => oneLine(path, 200)).join(", ")}\n`,
    );
}
