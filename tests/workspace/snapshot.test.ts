import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { takeSnapshot } from "../../src/workspace/snapshot.ts";
import {
  committed,
  emptyRepository,
  observe,
  type Repository,
  repositoryAt,
  scratchFolder,
  workTreeOf,
} from "./repository.ts";

test("a run that changes nothing has no changes", async () => {
  const repository = committed({ "a.txt": "a\n", "b/c.txt": "c\n" });
  repository.write("untracked.txt", "u\n");
  const changes = await observe(repository, () => {});
  expect(changes).toMatchObject({ files: [], headMoved: null, refsMoved: [], deletedTests: [] });
});

test("a repository without commits is compared from its files", async () => {
  const repository = emptyRepository();
  repository.write("before.txt", "1\n");
  repository.write("staged.txt", "1\n");
  repository.git("add", "staged.txt");
  const { before, lines, dirtyBefore } = await observe(repository, () => {
    repository.write("before.txt", "1\n2\n");
    repository.write("new.txt", "1\n");
  });
  expect(before).toMatchObject({ head: null, branch: "main" });
  expect(lines).toEqual(["changed before.txt +1 -0", "added new.txt +1 -0"]);
  expect(dirtyBefore).toEqual(["staged.txt", "before.txt"]);
});

test("ignored files are left out, those that appear as well", async () => {
  const repository = committed({ ".gitignore": "*.log\nbuild/\n" });
  repository.write("a.log", "1\n");
  repository.write(".git/info/exclude", "private\n");
  const { files, dirtyBefore } = await observe(repository, () => {
    repository.write("a.log", "2\n");
    repository.write("build/out.js", "1\n");
    repository.write("private", "1\n");
  });
  expect(files).toEqual([]);
  expect(dirtyBefore).toEqual([]);
});

test("an untracked file that the run makes ignored keeps its place in the proof", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("notes.txt", "1\n");
  const { lines } = await observe(repository, () => {
    repository.write(".gitignore", "notes.txt\n");
    repository.write("notes.txt", "1\n2\n");
  });
  expect(lines).toEqual(["added .gitignore +1 -0", "changed notes.txt +1 -0"]);
});

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

test("what the run commits shows as well as what it leaves uncommitted", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  const { lines } = await observe(repository, () => {
    repository.write("a.txt", "a\na\n");
    repository.git("commit", "--quiet", "--all", "--message=second");
    repository.write("b.txt", "b\nb\n");
  });
  expect(lines).toEqual(["changed a.txt +1 -0", "changed b.txt +1 -0"]);
});

test("a linked work tree is compared by its own files and index", async () => {
  const main = committed({ "a.txt": "a\n" });
  const linked = repositoryAt(join(scratchFolder(), "linked"));
  main.git("worktree", "add", "--quiet", "-b", "side", linked.root);
  linked.write("staged.txt", "1\n");
  linked.git("add", "staged.txt");
  const { before, lines } = await observe(linked, () => {
    linked.write("a.txt", "b\n");
    main.write("a.txt", "not ours\n");
  });
  expect(before.branch).toBe("side");
  expect(lines).toEqual(["changed a.txt +1 -1"]);
});

test("objects in alternates of alternates are found", async () => {
  const first = committed({ "a.txt": "a\n" });
  const second = repositoryAt(join(scratchFolder(), "second"));
  first.git("clone", "--quiet", "--shared", first.root, second.root);
  const third = repositoryAt(join(scratchFolder(), "third"));
  first.git("clone", "--quiet", "--shared", second.root, third.root);
  expect(readFileSync(join(third.root, ".git/objects/info/alternates"), "utf8")).toContain(second.root);
  writeFileSync(join(third.root, ".git/objects/info/alternates"), `${second.root}/.git/objects\n`);
  const { lines } = await observe(third, () => third.write("a.txt", "a\nb\n"));
  expect(lines).toEqual(["changed a.txt +1 -0"]);
});

test("a relative alternate is found", async () => {
  const parent = scratchFolder();
  const first = committed({ "a.txt": "a\n" }, subfolder(parent, "first"));
  const second = repositoryAt(join(parent, "second"));
  first.git("clone", "--quiet", "--shared", first.root, second.root);
  writeFileSync(join(second.root, ".git/objects/info/alternates"), "../../../first/.git/objects\n");
  const { lines } = await observe(second, () => second.write("a.txt", "a\nb\n"));
  expect(lines).toEqual(["changed a.txt +1 -0"]);
});

test("quotes, colons and line breaks in the path of the repository do no harm", async () => {
  const repository = committed({ "a.txt": "a\n" }, scratchFolder('a:b "c" \\d\ne é'));
  const { lines } = await observe(repository, () => repository.write("a.txt", "b\n"));
  expect(lines).toEqual(["changed a.txt +1 -1"]);
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

test("conflicts that stay, and conflicted files that are deleted, are no problem", async () => {
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

test("a sha256 repository works", async () => {
  const repository = emptyRepository(scratchFolder(), "--object-format=sha256");
  repository.write("a.txt", "a\n");
  const { before, lines } = await observe(repository, () => repository.write("a.txt", "a\nb\n"));
  expect(before.tree).toHaveLength(64);
  expect(lines).toEqual(["changed a.txt +1 -0"]);
});

test("blobs that a partial clone lacks are not fetched", async () => {
  const origin = committed({ "in/a.txt": "a\n", "out/b.txt": "b\n" });
  origin.git("config", "uploadpack.allowFilter", "true");
  const clone = repositoryAt(join(scratchFolder(), "clone"));
  origin.git("clone", "--quiet", "--filter=blob:none", "--sparse", `file://${origin.root}`, clone.root);
  rmSync(origin.root, { recursive: true });
  const { lines } = await observe(clone, () => {
    clone.write("new.txt", "1\n");
    clone.write("out/new.txt", "1\n"); // beside b.txt, whose content is missing
  });
  expect(lines).toEqual(["added new.txt +1 -0", "added out/new.txt +1 -0"]);
});

test("a blob that the repository lost stops nothing", async () => {
  const repository = committed({ "a.txt": "a\n", "lost.txt": "lost\n" });
  const id = repository.git("rev-parse", "HEAD:lost.txt");
  repository.remove(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`);
  const { lines } = await observe(repository, () => repository.write("a.txt", "b\n"));
  expect(lines).toEqual(["changed a.txt +1 -1"]);
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

test("a broken repository is an error with git's own words", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const tree = await workTreeOf(repository.root);
  writeFileSync(join(repository.root, ".git/index"), "garbage that is long enough to be an index of git");
  await expect(takeSnapshot(tree, scratchFolder())).rejects.toThrow(/^git \S+: error: bad signature/);
});

test("a special file in the way of a tracked one is reported, and stops nothing", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  const { lines } = await observe(repository, () => {
    repository.remove("a.txt");
    repository.git("-c", "alias.fifo=!mkfifo a.txt", "fifo");
    repository.write("b.txt", "b\nb\n");
  });
  expect(lines).toEqual(["changed a.txt +? -?", "changed b.txt +1 -0"]);
});

test.runIf(process.getuid?.() !== 0)("a file that we may not read counts by size and date", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("secret.txt", "1\n");
  chmodSync(join(repository.root, "secret.txt"), 0);
  const { lines } = await observe(repository, () => {
    repository.write("a.txt", "b\n");
    utimesSync(join(repository.root, "secret.txt"), 1, 1);
  });
  expect(lines).toEqual(["changed a.txt +1 -1", "changed secret.txt +? -?"]);
});

test("links are compared by where they point, and never followed", async () => {
  const outside = scratchFolder();
  writeFileSync(join(outside, "secret.txt"), "1\n");
  const repository = committed({ "a.txt": "a\n" });
  symlinkSync(outside, join(repository.root, "folder"));
  const { lines } = await observe(repository, () => writeFileSync(join(outside, "secret.txt"), "2\n"));
  expect(lines).toEqual([]);
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

function subfolder(parent: string, name: string): string {
  mkdirSync(join(parent, name));
  return join(parent, name);
}
