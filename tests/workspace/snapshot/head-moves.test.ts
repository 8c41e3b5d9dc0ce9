import { expect, test } from "vitest";
import { committed, emptyRepository, observe } from "../../support/git/repository.ts";

test("a commit, a new branch, a tag and a stash are reported with from and to", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.git("tag", "old");
  const first = repository.git("rev-parse", "HEAD");
  const { headMoved, refsMoved } = await observe(repository, () => {
    repository.write("a.txt", "2\n");
    repository.git("stash");
    repository.git("checkout", "--quiet", "-b", "side");
    repository.git("commit", "--quiet", "--allow-empty", "--message=second");
    repository.git("tag", "--delete", "old");
  });
  const second = repository.git("rev-parse", "HEAD");
  expect(headMoved).toEqual({ from: first, to: second, fromBranch: "main", toBranch: "side" });
  expect(refsMoved).toEqual([
    { ref: "refs/heads/side", from: null, to: second },
    { ref: "refs/stash", from: null, to: repository.git("rev-parse", "refs/stash") },
    { ref: "refs/tags/old", from: first, to: null },
  ]);
});

test.each([
  { name: "another branch at the same commit", command: ["checkout", "--quiet", "-b", "side"], to: "side" },
  { name: "a detached HEAD at the same commit", command: ["checkout", "--quiet", "--detach"], to: null },
])("$name is a moved HEAD", async ({ command, to }) => {
  const repository = committed({ "a.txt": "1\n" });
  const { headMoved } = await observe(repository, () => repository.git(...command));
  expect(headMoved).toMatchObject({ fromBranch: "main", toBranch: to });
});

test("the first commit is a moved HEAD from nothing", async () => {
  const repository = emptyRepository();
  repository.write("a.txt", "1\n");
  const { files, headMoved } = await observe(repository, () => {
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message=first");
  });
  expect(files).toEqual([]);
  expect(headMoved).toMatchObject({ from: null, to: repository.git("rev-parse", "HEAD") });
});
