import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import { changedEntries, putEntries } from "../../workspace/git/tree-entries.ts";
import { listIgnored } from "../../workspace/snapshot/ignored-tree.ts";
import { addWorktree, removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import type { Handoff } from "../document/handoff.ts";
import type { FormerTests, Validation } from "./facts.ts";
import { formerJudges, isConfiguration, isTestCommand } from "./former-judges.ts";
import type { TreePair } from "./ignored-watch.ts";
import { runValidation, type ValidationPlace } from "./validation.ts";

/** The work as it was judged. */
export interface JudgedWork {
  readonly files: readonly FileChange[];
  readonly trees: TreePair;
  /** What the commands came to in the work tree. */
  readonly validation: readonly Validation[];
}

/**
 * Runs validation commands in a worktree of its own, on the work with the tests, and what configures them, as they were before it. Null:
 * the work has changed none of these, or no command that succeeded goes by them. `after` follows each command.
 */
export async function formerTests(
  handoff: Handoff,
  work: PrivateWork,
  { files, trees, validation }: JudgedWork,
  place: ValidationPlace,
  after: (command: string) => Promise<void>,
): Promise<FormerTests | null> {
  const judges = formerJudges(handoff, files);
  const configured = [...judges.paths, ...judges.added].some(isConfiguration);
  const passed = validation.filter((one) => one.passed && (configured || isTestCommand(one.command)));
  const told = { paths: [...judges.paths, ...judges.added].sort(), excepted: judges.excepted };
  if (told.paths.length === 0 || passed.length === 0)
    return judges.excepted.length === 0 ? null : { ...told, failed: [], unable: null };
  const folder = join(place.folder, "former");
  const root = join(folder, `tree-${place.round}`);
  try {
    await makePrivateFolder(folder);
    const worktree = await addWorktree(work.tree, root, { signal: place.signal });
    const at = { ...place, workspace: worktree.folder, folder };
    const commands = passed.map(({ command }) => command);
    await linkIgnored(work, worktree.folder);
    const former = await withFormer(work, trees, judges.paths, judges.added);
    await checkOut(work, worktree.folder, worktree.base, former);
    const failed = (await runValidation(commands, at, after)).filter((one) => !one.passed);
    if (failed.length === 0) return { ...told, failed, unable: null };
    // What fails here with the work's own tests too says nothing of it.
    await checkOut(work, worktree.folder, former, trees.after);
    const again = await runValidation(
      failed.map(({ command }) => command),
      at,
      after,
    );
    const able = new Set(again.filter((one) => one.passed).map(({ command }) => command));
    const telling = failed.filter(({ command }) => able.has(command));
    const unable = telling.length > 0 ? null : "the commands fail in a worktree of its own whatever is tested";
    return { ...told, failed: telling, unable };
  } catch (error) {
    if (place.signal.aborted) return null;
    return { ...told, failed: [], unable: messageOf(error) };
  } finally {
    await removeWorktree(work.tree.commonDir, root).catch(() => {});
    await rm(root, { recursive: true, force: true });
  }
}

/** The tree of the work with these files as they were before it, and without those. */
async function withFormer(
  work: PrivateWork,
  { before, after }: TreePair,
  paths: readonly string[],
  added: readonly string[],
): Promise<string> {
  const git = privateGit(work, "index.former");
  await git(["read-tree", after]);
  const wanted = new Set([...paths, ...added]);
  const changes = await changedEntries(git, after, before, { renames: false });
  await putEntries(
    git,
    new Map(changes.filter(({ path }) => wanted.has(textOf(path))).map((one) => [one.path, one.after])),
  );
  return treeOfIndex(git);
}

/** Makes the files of a worktree those of another tree. */
async function checkOut(work: PrivateWork, folder: string, from: string, to: string): Promise<void> {
  const git = privateGit({ ...work, tree: { ...work.tree, root: folder } }, "index.worktree");
  await git(["read-tree", "--reset", from]);
  await git(["read-tree", "--reset", "-u", to]);
}

/** Dependencies and what was built are ignored, and there once. */
async function linkIgnored(work: PrivateWork, folder: string): Promise<void> {
  const names = (await listIgnored(work)).map((name) => name.replace(/\/$/, ""));
  for (const name of names.map(textOf)) {
    if (CACHES.test(name)) continue;
    // Where no file of the commit is, the folder around it is not there either.
    await symlink(join(work.tree.root, name), join(folder, name)).catch(() => {});
  }
}

const CACHES = /(?:^|\/)(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache)$/;
