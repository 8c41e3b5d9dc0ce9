import { chownSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { findWorkTree, requireWorkTree } from "../../../src/workspace/git/find-work-tree.ts";
import { committed, emptyRepository, scratchFolder } from "../../support/git/repository.ts";

afterEach(() => vi.unstubAllEnvs());

test("a folder below the root belongs to the work tree", async () => {
  const { root, write } = committed({ a: "1\n" });
  write("deep/er/file", "");
  expect(await findWorkTree(join(root, "deep/er"))).toEqual({
    root,
    gitDir: join(root, ".git"),
    commonDir: join(root, ".git"),
    objects: join(root, ".git/objects"),
    index: join(root, ".git/index"),
  });
});

test("a linked work tree has an index of its own and the objects of the main one", async () => {
  const main = committed({ a: "1\n" });
  const linked = join(scratchFolder(), "linked");
  main.git("worktree", "add", "--quiet", linked);
  expect(await findWorkTree(linked)).toMatchObject({
    root: linked,
    index: join(main.root, ".git/worktrees/linked/index"),
    objects: join(main.root, ".git/objects"),
  });
});

test("a root with a line break and a colon in its name is found whole", async () => {
  const { root } = emptyRepository(scratchFolder("two\nlines: é"));
  expect(await findWorkTree(root)).toMatchObject({ root, objects: join(root, ".git/objects") });
});

test.each([
  { name: "a plain folder", folder: () => scratchFolder() },
  { name: "the inside of .git", folder: () => join(emptyRepository().root, ".git") },
  { name: "a bare repository", folder: () => emptyRepository(scratchFolder(), "--bare").root },
])("$name is not a work tree", async ({ folder }) => {
  expect(await findWorkTree(folder())).toBeUndefined();
});

test("a folder that is ignored is in no work tree, unless a file of it was added by force", async () => {
  const { root, write, git } = committed({ ".gitignore": "out/\n" });
  write("out/deep/a", "1\n");
  expect(await findWorkTree(join(root, "out/deep"))).toBeUndefined();
  git("add", "--force", "out/deep/a");
  expect(await findWorkTree(join(root, "out/deep"))).toMatchObject({ root });
});

test("without git on the PATH there is no work tree, unless there is a repository to be seen", async () => {
  const { root } = emptyRepository();
  vi.stubEnv("PATH", scratchFolder());
  expect(await findWorkTree(scratchFolder())).toBeUndefined();
  await expect(findWorkTree(root)).rejects.toMatchObject({ kind: "usage", message: expect.stringMatching(/no git/) });
});

test("where a work tree is needed, a missing git is named before a missing repository", async () => {
  const [folder, needed] = [scratchFolder(), { why: "It is judged by git", hint: "Run `git init`." }];
  const why = `It is judged by git, and ${folder} is not in a git work tree.`;
  await expect(requireWorkTree(folder, needed)).rejects.toMatchObject({ message: why, hint: needed.hint });
  vi.stubEnv("PATH", scratchFolder());
  const noGit = {
    kind: "usage",
    message: expect.stringMatching(/no git/),
    hint: expect.stringContaining("Install git"),
  };
  await expect(requireWorkTree(folder, needed)).rejects.toMatchObject(noGit);
});

test("a folder that does not exist is an error", async () => {
  await expect(findWorkTree(join(scratchFolder(), "absent"))).rejects.toThrow("ENOENT");
});

test.runIf(process.getuid?.() === 0)("a repository of another user is an error with git's own words", async () => {
  const { root } = emptyRepository();
  chownSync(root, 65534, 65534);
  await expect(findWorkTree(root)).rejects.toMatchObject({
    message: expect.stringMatching(/^git rev-parse: fatal: detected dubious ownership/),
    hint: expect.stringContaining("safe.directory"),
  });
});

test("a repository with a broken HEAD is an error", async () => {
  const { root } = emptyRepository();
  writeFileSync(join(root, ".git/HEAD"), "garbage");
  mkdirSync(join(root, "below"));
  await expect(findWorkTree(join(root, "below"))).rejects.toThrow("fatal: not a git repository");
});

test("a linked work tree whose repository is gone is an error", async () => {
  const main = committed({ a: "1\n" });
  const linked = join(scratchFolder(), "linked");
  main.git("worktree", "add", "--quiet", linked);
  rmSync(join(main.root, ".git"), { recursive: true });
  await expect(findWorkTree(linked)).rejects.toThrow("fatal: not a git repository: ");
});

test("the variables that git gives to its hooks do not lead elsewhere", async () => {
  const { root } = emptyRepository();
  const other = emptyRepository();
  vi.stubEnv("GIT_DIR", join(other.root, ".git"));
  vi.stubEnv("GIT_WORK_TREE", other.root);
  vi.stubEnv("GIT_INDEX_FILE", join(other.root, ".git/index"));
  expect(await findWorkTree(root)).toMatchObject({ root, gitDir: join(root, ".git") });
});

test("a folder reached through a link belongs to the real work tree", async () => {
  const { root } = emptyRepository();
  const link = join(scratchFolder(), "link");
  symlinkSync(root, link);
  expect(await findWorkTree(link)).toMatchObject({ root: realpathSync(link) });
});
