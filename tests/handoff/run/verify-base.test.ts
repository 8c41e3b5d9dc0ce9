import { expect, test } from "vitest";
import { verifyBase } from "../../../src/handoff/run/verify-base.ts";
import { committed, type Repository, repositoryAt, scratchFolder, workTreeOf } from "../../support/git/repository.ts";

const signal = new AbortController().signal;

function commit(repository: Repository, path: string, message = path): string {
  repository.write(path, `${message}\n`);
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message", message);
  return repository.git("rev-parse", "HEAD");
}

test("commits that a merge brought are named where the base lies before them, and only there", async () => {
  const repository = committed({ "a.txt": "1\n" });
  const begin = repository.git("rev-parse", "HEAD");
  repository.git("checkout", "--quiet", "-b", "side");
  commit(repository, "mine.txt");
  repository.git("checkout", "--quiet", "main");
  commit(repository, "theirs.txt", "what others did");
  repository.git("checkout", "--quiet", "side");
  repository.git("merge", "--quiet", "--no-edit", "main");
  const tree = await workTreeOf(repository.root);
  const old = await verifyBase(tree, begin, signal);
  expect(old.tree).toBe(repository.git("rev-parse", `${begin}^{tree}`));
  expect(old.remarks).toEqual([expect.stringMatching(/not the branch's own.*what others did\.$/)]);
  expect(old.remarks[0]).not.toContain("mine.txt");
  expect(await verifyBase(tree, "main", signal)).toEqual({
    tree: repository.git("rev-parse", "main^{tree}"),
    remarks: [],
  });
});

test("a shallow clone without a common commit is refused; whole histories that have none are compared, and it is said", async () => {
  const repository = committed({ "a.txt": "1\n" });
  commit(repository, "b.txt");
  const folder = scratchFolder("clone");
  repository.git("clone", "--quiet", "--depth=1", `file://${repository.root}`, folder);
  commit(repository, "c.txt");
  const clone = repositoryAt(folder);
  clone.git("fetch", "--quiet", "--depth=1", "origin", "+main:refs/remotes/origin/main");
  await expect(verifyBase(await workTreeOf(folder), "origin/main", signal)).rejects.toThrow(/shallow/);
  expect((await verifyBase(await workTreeOf(folder), "HEAD", signal)).remarks).toEqual([]);
  await expect(verifyBase(await workTreeOf(folder), "HEAD~1", signal)).rejects.toThrow(/names no commit/);
  repository.git("checkout", "--quiet", "--orphan", "new");
  commit(repository, "d.txt");
  const apart = await verifyBase(await workTreeOf(repository.root), "main", signal);
  expect(apart.remarks).toEqual([expect.stringContaining("no commit in common")]);
});
