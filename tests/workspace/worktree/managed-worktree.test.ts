import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { addWorktree, removeWorktree } from "../../../src/workspace/worktree/managed-worktree.ts";
import {
  committed,
  emptyRepository,
  type Repository,
  repositoryAt,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";
import { filesOf, openSession, repositoryState } from "../../support/git/worktrees.ts";

test("a worktree has the files of HEAD, and nothing that is not committed", async () => {
  const repository = committed({ "a.txt": "a\n", "in/b.txt": "b\n" });
  repository.write("a.txt", "edited\n");
  repository.write("new.txt", "new\n");
  const { worktree, ...linked } = await openSession(repository);
  expect(worktree.base).toBe(repository.git("rev-parse", "HEAD"));
  expect([...filesOf(linked).keys()]).toEqual(["a.txt", "in", "in/b.txt"]);
  expect(read(linked, "a.txt")).toBe("a\n");
  expect(linked.git("status", "--porcelain", "--branch")).toBe("## HEAD (no branch)");
});

test("a worktree that comes and goes leaves no trace in the repository", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("a.txt", "stashed\n");
  repository.git("stash");
  repository.write("a.txt", "staged\n");
  repository.git("add", "a.txt");
  repository.git("config", "worktree.useRelativePaths", "true");
  const [state, files] = [repositoryState(repository), filesOf(repository)];
  const { worktree } = await openSession(repository);
  expect(repositoryState(repository)).toEqual(state);
  await removeWorktree(repository.root, worktree.folder);
  expect(repositoryState(repository)).toEqual(state);
  expect(filesOf(repository)).toEqual(files);
  expect(existsSync(worktree.folder)).toBe(false);
  expect(existsSync(join(repository.root, ".git/worktrees"))).toBe(false);
});

test("no hook and no filter runs", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitattributes": "*.txt filter=spy\n" });
  const marker = join(scratchFolder(), "started");
  repository.write(".git/hooks/post-checkout", `#!/bin/sh\necho hook >> "${marker}"\n`);
  chmodSync(join(repository.root, ".git/hooks/post-checkout"), 0o755);
  repository.git("config", "filter.spy.smudge", `sh -c 'echo smudge >> "${marker}"; tr a b'`);
  repository.git("config", "filter.spy.required", "true");
  const linked = await openSession(repository);
  expect(read(linked, "a.txt")).toBe("a\n");
  expect(existsSync(marker)).toBe(false);
});

test("the folders of submodules stay empty", async () => {
  const library = committed({ "lib.txt": "1\n" });
  const repository = committed({ "a.txt": "a\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.root, "lib");
  repository.git("commit", "--quiet", "--message=submodule");
  repository.git("config", "submodule.recurse", "true");
  const linked = await openSession(repository);
  expect(readdirSync(join(linked.root, "lib"))).toEqual([]);
  await removeWorktree(repository.root, linked.root);
  expect(existsSync(linked.root)).toBe(false);
});

test("a worktree can be made from a linked one, at its own HEAD", async () => {
  const main = committed({ "a.txt": "a\n" });
  const side = repositoryAt(join(scratchFolder(), "side"));
  main.git("worktree", "add", "--quiet", "-b", "side", side.root);
  side.git("commit", "--quiet", "--allow-empty", "--message=second");
  const { worktree } = await openSession(side);
  expect(worktree.base).toBe(side.git("rev-parse", "HEAD"));
  rmSync(side.root, { recursive: true });
  await removeWorktree(join(main.root, ".git"), worktree.folder);
  expect(readdirSync(join(main.root, ".git/worktrees"))).toEqual(["side"]); // the user's own, which is not ours to prune
});

test("a repository without a commit is refused in one line", async () => {
  const repository = emptyRepository();
  const folder = join(scratchFolder(), "worktree");
  const error = await addWorktree(await workTreeOf(repository.root), folder).catch((reason) => reason);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toMatch(/^A worktree cannot be made of .*: the repository has no commit yet\.$/);
  expect(existsSync(folder)).toBe(false);
});

test("a bare repository is refused in one line", async () => {
  const { root } = emptyRepository(scratchFolder(), "--bare");
  const tree = { root, gitDir: root, commonDir: root, objects: join(root, "objects"), index: join(root, "index") };
  const error = await addWorktree(tree, join(scratchFolder(), "worktree")).catch((reason) => reason);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toMatch(/^A worktree cannot be made of .*: the repository is bare\.$/);
});

test("what already lies where the worktree should be stays", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const folder = scratchFolder("it's\ntaken");
  repositoryAt(folder).write("precious.txt", "1\n");
  await expect(addWorktree(await workTreeOf(repository.root), folder)).rejects.toThrow(/^git worktree: fatal: /);
  expect(readdirSync(folder)).toEqual(["precious.txt"]);
});

test("a worktree that cannot be checked out whole is taken back", async () => {
  const repository = committed({ "a.txt": "a\n", "lost.txt": "lost\n" });
  const id = repository.git("rev-parse", "HEAD:lost.txt");
  repository.remove(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`);
  const folder = join(scratchFolder(), "worktree");
  await expect(addWorktree(await workTreeOf(repository.root), folder)).rejects.toThrow(/^git worktree: /);
  expect(existsSync(folder)).toBe(false);
  expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
});

test("an abort before the start leaves nothing", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const folder = join(scratchFolder(), "worktree");
  const added = addWorktree(await workTreeOf(repository.root), folder, {
    signal: AbortSignal.abort(new Error("stop")),
  });
  await expect(added).rejects.toThrow("stop");
  expect(existsSync(folder)).toBe(false);
});

test.each<{ name: string; loss: (repository: Repository, folder: string) => void }>([
  { name: "whose files are gone already", loss: (_, folder) => rmSync(folder, { recursive: true }) },
  { name: "whose parent is gone too", loss: (_, folder) => rmSync(dirname(folder), { recursive: true }) },
  { name: "that lost its link to the repository", loss: (_, folder) => rmSync(join(folder, ".git")) },
  { name: "that became a repository itself", loss: (_, folder) => makeRepository(folder) },
  { name: "that is locked", loss: ({ git }, folder) => git("worktree", "lock", folder) },
  { name: "with edits and untracked files", loss: (_, folder) => repositoryAt(folder).write("new.txt", "new\n") },
  { name: "that git has forgotten", loss: ({ git }, folder) => git("worktree", "remove", folder) },
])("a worktree $name is removed", async ({ loss }) => {
  const repository = committed({ "a.txt": "a\n" });
  const other = await openSession(repository);
  const { worktree } = await openSession(repository);
  loss(repository, worktree.folder);
  await removeWorktree(repository.root, worktree.folder);
  expect(existsSync(worktree.folder)).toBe(false);
  expect(repository.git("worktree", "list", "--porcelain").match(/^worktree .*$/gm)).toEqual([
    `worktree ${repository.root}`,
    `worktree ${other.root}`,
  ]);
});

test("a worktree is removed although its repository is gone", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const { worktree } = await openSession(repository);
  rmSync(repository.root, { recursive: true });
  await removeWorktree(repository.root, worktree.folder);
  expect(existsSync(worktree.folder)).toBe(false);
  await removeWorktree(repository.root, worktree.folder);
});

test("a worktree is removed although something else took its repository's place", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const { worktree } = await openSession(repository);
  renameSync(repository.root, `${repository.root} moved`);
  mkdirSync(repository.root);
  await removeWorktree(repository.root, worktree.folder);
  expect(existsSync(worktree.folder)).toBe(false);
});

test("a state folder behind a symbolic link does not keep git from recognising the worktree", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const parent = scratchFolder();
  symlinkSync(parent, `${parent} link`);
  const tree = await workTreeOf(repository.root);
  const { folder } = await addWorktree(tree, join(`${parent} link`, "sub", "worktree"));
  expect(folder).toBe(join(parent, "sub", "worktree"));
  await removeWorktree(repository.root, join(`${parent} link`, "sub", "worktree"));
  expect(existsSync(join(repository.root, ".git/worktrees"))).toBe(false);
});

function makeRepository(folder: string): void {
  rmSync(join(folder, ".git"));
  emptyRepository(folder);
}

function read({ root }: Repository, path: string): string {
  return readFileSync(join(root, path), "utf8");
}
