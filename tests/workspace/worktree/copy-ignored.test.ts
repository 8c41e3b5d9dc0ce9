import { existsSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitPresent } from "../../../src/workspace/worktree/bring-together/present-commit.ts";
import { copyIgnored } from "../../../src/workspace/worktree/copy-ignored.ts";
import { addWorktree } from "../../../src/workspace/worktree/managed-worktree.ts";
import { git } from "../../support/git/git.ts";
import { committed, scratchFolder } from "../../support/git/repository.ts";
import { benchOf } from "../../support/git/results.ts";

test("what git ignores is there, and the worktree has nothing that git does not ignore", async () => {
  const repository = committed({ ".gitignore": "deps/\n*.log\n", "a.txt": "a\n" });
  repository.write("deps/one/index.js", "1\n");
  repository.write("deps/.bin/tool", "#!/bin/sh\n");
  repository.write("deps/.cache/old", "c\n");
  symlinkSync("../one/index.js", join(repository.root, "deps/.bin/one"));
  symlinkSync(join(repository.root, "deps/one"), join(repository.root, "deps/two"));
  repository.write("größe.log", "l\n");
  repository.write("logs/b.log", "b\n");
  repository.write("untracked.txt", "u\n");
  const work = await benchOf(repository);
  const folder = join(scratchFolder("copied"), "tree");
  await addWorktree(work.tree, folder, { commit: await commitPresent(work, "base\n") });
  await copyIgnored(work, folder, process.env);
  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  expect(["deps/one/index.js", "deps/.bin/tool", "größe.log", "logs/b.log"].map(read)).toEqual([
    ...["1\n", "#!/bin/sh\n", "l\n", "b\n"],
  ]);
  expect([readlinkSync(join(folder, "deps/.bin/one")), readlinkSync(join(folder, "deps/two"))]).toEqual([
    "../one/index.js",
    join(folder, "deps/one"),
  ]);
  expect(existsSync(join(folder, "deps/.cache"))).toBe(false);
  // What is written there is not the user's.
  writeFileSync(join(folder, "deps/one/index.js"), "2\n");
  writeFileSync(join(folder, "deps/two/more.js"), "2\n");
  rmSync(join(folder, "größe.log"));
  expect(readFileSync(join(repository.root, "deps/one/index.js"), "utf8")).toBe("1\n");
  expect(["deps/one/more.js", "größe.log"].map((path) => existsSync(join(repository.root, path)))).toEqual([
    false,
    true,
  ]);
  expect(await git(folder, "status", "--porcelain", "--untracked-files=all")).toBe("");
});
