import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type PrivateWork, privateGit, treeOfIndex } from "../git/private-git.ts";
import { textOf } from "../git/raw-names.ts";
import { listIgnored } from "../snapshot/ignored-tree.ts";
import { addWorktree, removeWorktree } from "./managed-worktree.ts";

export interface ScratchTree {
  readonly root: string;
  /** Makes its files those of this tree. */
  put(tree: string): Promise<void>;
  /** What lies there now, as a tree; links to what git ignores may be in it. */
  record(): Promise<string>;
}

/**
 * A worktree in `root` for as long as `use` takes. What git ignores is there as links: dependencies, what was built. `work` is private
 * to the caller, who makes one such worktree at a time with it.
 */
export async function inScratchTree<Result>(
  work: PrivateWork,
  root: string,
  use: (scratch: ScratchTree) => Promise<Result>,
): Promise<Result> {
  try {
    const worktree = await addWorktree(work.tree, root, { ...(work.signal && { signal: work.signal }) });
    const git = privateGit({ ...work, tree: { ...work.tree, root: worktree.folder } }, "index.worktree");
    await linkIgnored(work, worktree.folder);
    let now = worktree.base;
    return await use({
      root: worktree.folder,
      async put(tree) {
        await git(["read-tree", "--reset", now]);
        await git(["read-tree", "--reset", "-u", tree]);
        now = tree;
      },
      async record() {
        await git(["add", "--all", "--ignore-errors", "."]);
        return treeOfIndex(git);
      },
    });
  } finally {
    await removeWorktree(work.tree.commonDir, root).catch(() => {});
    await rm(root, { recursive: true, force: true });
  }
}

async function linkIgnored(work: PrivateWork, folder: string): Promise<void> {
  const names = (await listIgnored(work)).map((name) => name.replace(/\/$/, ""));
  for (const name of names.map(textOf)) {
    if (CACHES.test(name)) continue;
    // Where no file of the commit is, the folder around it is not there either.
    await symlink(join(work.tree.root, name), join(folder, name)).catch(() => {});
  }
}

const CACHES = /(?:^|\/)(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache)$/;
