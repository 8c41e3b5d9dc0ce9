import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import {
  committed,
  emptyRepository,
  observe,
  repositoryAt,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";

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

test("a broken repository is an error with git's own words", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const tree = await workTreeOf(repository.root);
  writeFileSync(join(repository.root, ".git/index"), "garbage that is long enough to be an index of git");
  await expect(takeSnapshot(tree, scratchFolder())).rejects.toThrow(/^git \S+: error: bad signature/);
});

function subfolder(parent: string, name: string): string {
  mkdirSync(join(parent, name));
  return join(parent, name);
}
