import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addWorktree, removeWorktree } from "../../../src/workspace/worktree/managed-worktree.ts";
import { committed, type Repository, scratchFolder, workTreeOf } from "../../support/git/repository.ts";

const OURS = "20261128-211815-674-9bdb59b3c2855055";

/** A worktree whose git was killed in the middle of making it. */
function halfMade(repository: Repository, name: string): string {
  repository.git("worktree", "add", "--quiet", "--detach", join(scratchFolder("apart"), name));
  const folder = join(repository.root, ".git", "worktrees", name);
  writeFileSync(join(folder, "commondir"), "");
  utimesSync(folder, 0, 0);
  return folder;
}

async function add(repository: Repository) {
  const tree = await workTreeOf(repository.root);
  return { tree, worktree: await addWorktree(tree, join(scratchFolder("state"), "work")) };
}

test("a worktree of ours that a killed git has left half made goes, and keeps no other from being made", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const left = halfMade(repository, OURS);
  const { tree, worktree } = await add(repository);
  expect([existsSync(worktree.folder), existsSync(left)]).toEqual([true, false]);
  await removeWorktree(tree.root, worktree.folder);
  expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
});

test("one that is not ours is never removed: git's own complaint is the answer", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const left = halfMade(repository, "theirs");
  await expect(add(repository)).rejects.toThrow(/commondir/);
  expect(existsSync(left)).toBe(true);
});

test("one that another git is just making is waited for", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const making = halfMade(repository, "theirs");
  const adding = add(repository);
  writeFileSync(join(making, "commondir"), "../..\n");
  expect(existsSync((await adding).worktree.folder)).toBe(true);
});

test("many at once are made, and removed", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const made = await Promise.all(Array.from({ length: 8 }, () => add(repository)));
  await Promise.all(made.map(({ tree, worktree }) => removeWorktree(tree.root, worktree.folder)));
  expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
});
