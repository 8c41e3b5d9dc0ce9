import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { committed, observe, type Repository } from "../../support/git/repository.ts";

test("an ignored file that the run forces into the index shows", async () => {
  const repository = committed({ ".gitignore": "dist/\n" });
  const { lines } = await observe(repository, () => {
    repository.write("dist/out.js", "1\n");
    repository.write("dist/gone.js", "1\n");
    repository.git("add", "--force", "dist/out.js", "dist/gone.js");
    repository.remove("dist/gone.js");
    repository.git("commit", "--quiet", "--message=dist");
  });
  expect(lines).toEqual(["added dist/out.js +1 -0"]);
});

test("a sparse checkout has no phantom deletions, and its files still count when they appear", async () => {
  const repository = committed({ "in/a.txt": "a\n", "out/b.txt": "b\n", "out/c.txt": "c\n" });
  repository.git("sparse-checkout", "set", "in");
  const { lines, dirtyBefore } = await observe(repository, () => {
    repository.write("in/a.txt", "a\na\n");
    repository.write("out/b.txt", "b\nb\n");
  });
  expect(lines).toEqual(["changed in/a.txt +1 -0", "changed out/b.txt +1 -0"]);
  expect(dirtyBefore).toEqual([]);
});

test("a sparse index is understood", async () => {
  const repository = committed({ "in/a.txt": "a\n", "out/b.txt": "b\n", "out/c.txt": "c\n" });
  repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "in");
  const { lines } = await observe(repository, () => repository.write("in/a.txt", "a\na\n"));
  expect(lines).toEqual(["changed in/a.txt +1 -0"]);
});

test("edits count in files that git was told to look away from", async () => {
  const repository = committed({ assumed: "1\n", skipped: "1\n", absent: "1\n" });
  repository.git("update-index", "--assume-unchanged", "assumed");
  repository.git("update-index", "--skip-worktree", "skipped", "absent");
  repository.write("skipped", "before\n");
  repository.remove("absent");
  const { lines, dirtyBefore } = await observe(repository, () => {
    repository.write("assumed", "1\n2\n");
    repository.write("skipped", "before\n2\n");
    repository.write("absent", "1\n2\n");
  });
  expect(lines).toEqual(["changed absent +1 -0", "changed assumed +1 -0", "changed skipped +1 -0"]);
  expect(dirtyBefore).toEqual(["skipped"]);
});

test("a merge with conflicts is compared by the files on the disk", async () => {
  const repository = conflicting();
  const { lines, dirtyBefore } = await observe(repository, () => {
    repository.write("both.txt", "solved\n");
    repository.git("add", "both.txt");
  });
  expect(lines).toEqual(["changed both.txt +1 -5"]);
  expect(dirtyBefore).toEqual(["both.txt", "gone.txt"]);
});

test("conflicts that stay, and conflicted files that are deleted, are not a problem", async () => {
  const repository = conflicting();
  const { lines } = await observe(repository, () => repository.remove("gone.txt"));
  expect(lines).toEqual(["deleted gone.txt +0 -1"]);
});

test("an intent to add counts as the file it announces", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("planned.txt", "1\n");
  repository.write("dropped.txt", "1\n");
  repository.git("add", "--intent-to-add", "planned.txt", "dropped.txt");
  repository.remove("dropped.txt");
  const { lines } = await observe(repository, () => repository.write("planned.txt", "1\n2\n"));
  expect(lines).toEqual(["changed planned.txt +1 -0"]);
});

test("an edit that git can only notice by reading the file is noticed", async () => {
  const repository = committed({ "a.txt": "1\n" });
  const long = 1_500_000_000;
  repository.git("config", "core.trustctime", "false");
  utimesSync(join(repository.root, "a.txt"), long, long);
  repository.git("update-index", "--refresh");
  utimesSync(join(repository.root, ".git/index"), long, long);
  writeFileSync(join(repository.root, "a.txt"), "2\n"); // same size, same inode, and now the same date
  utimesSync(join(repository.root, "a.txt"), long, long);
  const { dirtyBefore } = await observe(repository, () => {});
  expect(dirtyBefore).toEqual(["a.txt"]);
});

test("a file that was read once is known from then on", async () => {
  const repository = committed({ "touched.txt": "1\n" });
  utimesSync(join(repository.root, "touched.txt"), 1, 1);
  const { folder } = await observe(repository, () => {});
  // Plumbing names what it would have to read, without reading it.
  const command = ["diff-files", "--name-only"];
  expect(repository.git(...command)).toBe("touched.txt");
  const env = { GIT_INDEX_FILE: join(folder, "index") };
  expect(execaSync("git", command, { cwd: repository.root, env }).stdout).toBe("");
});

function conflicting(): Repository {
  const repository = committed({ "both.txt": "base\n", "gone.txt": "base\n" });
  repository.git("checkout", "--quiet", "-b", "theirs");
  repository.write("both.txt", "theirs\n");
  repository.write("gone.txt", "theirs\n");
  repository.git("commit", "--quiet", "--all", "--message=theirs");
  repository.git("checkout", "--quiet", "main");
  repository.write("both.txt", "ours\n");
  repository.git("rm", "--quiet", "gone.txt");
  repository.git("commit", "--quiet", "--all", "--message=ours");
  expect(() => repository.git("merge", "--quiet", "theirs")).toThrow("CONFLICT");
  return repository;
}
