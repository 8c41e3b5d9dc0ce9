import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { type PrivateWork, privateGit } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import { listIgnored } from "../../workspace/snapshot/ignored-tree.ts";
import { addWorktree, removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import type { ValidationOptions } from "./validation.ts";

export interface Scratch {
  /** Where commands run in it. */
  readonly at: ValidationOptions;
  /** Makes its files those of this tree. */
  put(tree: string): Promise<void>;
}

/** A worktree of its own for as long as `use` takes; `state` says what commands are about there. What git ignores is there as links: dependencies, what was built. */
export async function inScratch<Result>(
  work: PrivateWork,
  place: ValidationOptions,
  { name, state }: { readonly name: string; readonly state: string },
  use: (scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const folder = join(place.folder, name);
  const root = join(folder, `tree-${place.round}`);
  try {
    await makePrivateFolder(folder);
    const worktree = await addWorktree(work.tree, root, { signal: place.signal });
    const git = privateGit({ ...work, tree: { ...work.tree, root: worktree.folder } }, "index.worktree");
    await linkIgnored(work, worktree.folder);
    let now = worktree.base;
    return await use({
      at: {
        ...place,
        workspace: worktree.folder,
        folder,
        checking: (command) => place.checking(`${command} (${state})`),
      },
      async put(tree) {
        await git(["read-tree", "--reset", now]);
        await git(["read-tree", "--reset", "-u", tree]);
        now = tree;
      },
    });
  } finally {
    await removeWorktree(work.tree.commonDir, root).catch(() => {});
    await rm(root, { recursive: true, force: true });
  }
}

/** Whether a command may run in such a worktree: one that installs would work on the dependencies that are linked there. */
export function repeatable(command: string): boolean {
  return !/\b(?:install|ci|i|add|remove|uninstall|upgrade|update|sync|publish|deploy|push|clean)\b/.test(
    command.replace(/\S*\/\S*/g, ""),
  );
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
