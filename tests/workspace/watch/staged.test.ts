import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stagedNow, unstaged } from "../../../src/workspace/watch/staged.ts";
import { committed, emptyRepository, type Repository, workTreeOf } from "../../support/git/repository.ts";

function staging(): Repository {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  repository.write("a.txt", "staged\n");
  repository.git("add", "a.txt");
  repository.write("b.txt", "edited\n");
  return repository;
}

test.each<{ what: string; act: (repository: Repository) => void; lost: boolean }>([
  { what: "nothing", act: () => {}, lost: false },
  { what: "git status, which may write the index anew", act: ({ git }) => git("status"), lost: false },
  { what: "more is staged", act: ({ git }) => git("add", "b.txt"), lost: false },
  { what: "what was staged is taken back", act: ({ git }) => git("reset", "--quiet"), lost: true },
  {
    what: "something else is staged of the same file",
    act: ({ git, write }) => {
      write("a.txt", "other\n");
      git("add", "a.txt");
    },
    lost: true,
  },
  { what: "the index is emptied", act: ({ git }) => git("read-tree", "--empty"), lost: true },
  { what: "a file is taken out of it", act: ({ git }) => git("rm", "--quiet", "--cached", "b.txt"), lost: true },
  { what: "the index is damaged", act: ({ write }) => write(".git/index", "DIRC"), lost: true },
  { what: "the index is removed", act: ({ root }) => rmSync(join(root, ".git", "index")), lost: true },
])("after $what, that something staged is lost: $lost", async ({ act, lost }) => {
  const repository = staging();
  const tree = await workTreeOf(repository.root);
  const before = await stagedNow(tree, null);
  act(repository);
  expect(unstaged(before, await stagedNow(tree, before))).toBe(lost);
});

test("before the first commit nothing is compared", async () => {
  const repository = emptyRepository();
  const tree = await workTreeOf(repository.root);
  const before = await stagedNow(tree, null);
  repository.write("a.txt", "a\n");
  repository.git("add", "a.txt");
  expect(unstaged(before, await stagedNow(tree, before))).toBe(false);
});

test("an index that is damaged where nothing was staged is not as it was", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const tree = await workTreeOf(repository.root);
  const before = await stagedNow(tree, null);
  repository.write(".git/index", "DIRC");
  expect(unstaged(before, await stagedNow(tree, before))).toBe(true);
});
