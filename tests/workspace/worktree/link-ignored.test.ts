import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitPresent } from "../../../src/workspace/worktree/bring-together/present-commit.ts";
import { linkIgnored } from "../../../src/workspace/worktree/link-ignored.ts";
import { addWorktree } from "../../../src/workspace/worktree/managed-worktree.ts";
import { git } from "../../support/git/git.ts";
import { committed, scratchFolder } from "../../support/git/repository.ts";
import { benchOf } from "../../support/git/results.ts";

test("what git ignores is there, and the worktree has nothing that git does not ignore", async () => {
  const repository = committed({ ".gitignore": "deps/\n*.log\n", "a.txt": "a\n" });
  repository.write("deps/one/index.js", "1\n");
  repository.write("deps/.bin/tool", "#!/bin/sh\n");
  repository.write("größe.log", "l\n");
  repository.write("logs/b.log", "b\n");
  repository.write("untracked.txt", "u\n");
  const work = await benchOf(repository);
  const folder = join(scratchFolder("linked"), "tree");
  await addWorktree(work.tree, folder, { commit: await commitPresent(work, "base\n") });
  await linkIgnored(work, folder);
  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  expect(["deps/one/index.js", "deps/.bin/tool", "größe.log", "logs/b.log"].map(read)).toEqual([
    ...["1\n", "#!/bin/sh\n", "l\n", "b\n"],
  ]);
  expect(lstatSync(join(folder, "deps")).isDirectory()).toBe(true);
  expect(lstatSync(join(folder, "deps/one")).isSymbolicLink()).toBe(true);
  expect(await git(folder, "status", "--porcelain", "--untracked-files=all")).toBe("");
});
