import { existsSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { AskCodexError } from "../../../src/errors.ts";
import { patchOf } from "../../../src/workspace/worktree/patch.ts";
import { changeInEveryKind, committedForEveryKind, EVERY_KIND, LINES } from "../../support/git/every-kind.ts";
import { committed, emptyRepository, repositoryAt, scratchFolder } from "../../support/git/repository.ts";
import { applied, filesOf, kindsOf, openSession, patchFrom, repositoryState } from "../../support/git/worktrees.ts";

test("nothing done is an empty patch", async () => {
  const repository = committed({ ".gitignore": "*.log\n", "a.txt": "a\n" });
  const result = await patchFrom(repository, (worktree) => worktree.write("a.log", "ignored\n"));
  expect(result).toMatchObject({ files: [], missing: [] });
  expect(result.patch.length).toBe(0);
});

test("a patch has all that was done: edits, deletions, renames, modes, binary, new and committed files", async () => {
  const repository = committedForEveryKind({
    ".gitignore": "*.log\n",
    "committed.txt": "c\n",
    "moved and edited.txt": LINES.replaceAll("line", "row"),
    "loses its line end.txt": "a\n",
  });
  const session = await openSession(repository);
  session.write("committed.txt", "committed\n");
  session.write("committed new.txt", "1\n");
  session.git("add", "--all");
  session.git("commit", "--quiet", "--message=inside");
  changeInEveryKind(session);
  session.remove("moved and edited.txt");
  session.write("elsewhere.txt", LINES.replaceAll("line", "row").replace("row 7", "row seven"));
  session.write("loses its line end.txt", "a\r\nno line end");
  session.write("-starts with a dash", "1\n");
  session.write("ignored.log", "1\n");
  const result = await session.patch();
  expect(kindsOf(result).sort()).toEqual(
    [
      ...EVERY_KIND,
      "added -starts with a dash",
      "added committed new.txt",
      "changed committed.txt",
      "changed loses its line end.txt",
      "renamed moved and edited.txt -> elsewhere.txt",
    ].sort(),
  );
  rmSync(join(session.root, "ignored.log"));
  expect(applied(repository, result)).toEqual(filesOf(session));
});

test("the repository stays as it is, and so does the worktree's own index", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("a.txt", "stashed\n");
  repository.git("stash");
  const session = await openSession(repository);
  session.write("a.txt", "b\n");
  session.write("new.txt", "new\n");
  const gitDir = repositoryAt(join(repository.root, ".git/worktrees"));
  const [state, own] = [repositoryState(repository), filesOf(gitDir)];
  expect((await session.patch()).files).toHaveLength(2);
  expect(repositoryState(repository)).toEqual(state);
  expect(filesOf(gitDir)).toEqual(own);
});

test("line ends that git converts on the disk are not a change", async () => {
  const repository = committed({ "a.txt": "a\nb\n", "b.txt": "b\n" });
  repository.git("config", "core.autocrlf", "true");
  const { patch } = await patchFrom(repository, (session) => {
    expect(execaSync("cat", ["a.txt"], { cwd: session.root, stripFinalNewline: false }).stdout).toBe("a\r\nb\r\n");
    session.write("a.txt", "a\r\nb\r\nc\r\n");
    session.write("b.txt", "b\r\n");
  });
  expect(patch.toString()).toMatch(/^ a\n b\n\+c\n$/m);
  expect(patch.toString()).not.toContain("b.txt");
});

test("a big new file is in the patch", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const result = await patchFrom(repository, (session) => {
    session.write("big.bin", "start");
    truncateSync(join(session.root, "big.bin"), 12_000_000);
  });
  expect(result).toMatchObject({ missing: [], files: [{ path: "big.bin", kind: "added" }] });
  expect(applied(repository, result).keys()).toContain("big.bin");
});

test("the same folder serves for one patch after another", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const { worktree, ...session } = await openSession(repository);
  const folder = scratchFolder("run");
  session.write("big.bin", "start");
  truncateSync(join(session.root, "big.bin"), 12_000_000);
  session.write("a.txt", "b\n");
  const first = await patchOf(worktree, folder);
  expect((await patchOf(worktree, folder)).patch.equals(first.patch)).toBe(true);
  session.remove("big.bin");
  expect(kindsOf(await patchOf(worktree, folder))).toEqual(["changed a.txt"]);
});

test("what no patch can hold is named, and does not look deleted", async () => {
  const repository = committed({ "a.txt": "a\n", "in/fifo": "1\n", "in/b.txt": "1\n" });
  const result = await patchFrom(repository, (session) => {
    session.write("a.txt", "b\n");
    session.remove("in/fifo");
    execaSync("mkfifo", ["in/fifo"], { cwd: session.root });
    session.git("clone", "--quiet", repository.root, "cloned é");
  });
  expect(kindsOf(result)).toEqual(["changed a.txt"]);
  expect([...result.missing].sort()).toEqual(["cloned é", "in/fifo"]);
});

test("a folder that lost its link is an error, even inside of another repository", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const { worktree } = await openSession(repository);
  emptyRepository(join(worktree.folder, ".."));
  rmSync(join(worktree.folder, ".git"));
  await expect(patchOf(worktree, scratchFolder())).rejects.toThrow(/^the worktree is gone, or no longer one: /);
  rmSync(worktree.folder, { recursive: true });
  await expect(patchOf(worktree, scratchFolder())).rejects.toBeInstanceOf(AskCodexError);
});

test("a filter that was configured meanwhile is not started", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const marker = join(scratchFolder(), "started");
  const { patch } = await patchFrom(repository, (session) => {
    repository.git("config", "filter.evil.clean", `sh -c 'echo started >> "${marker}"; cat'`);
    session.write(".gitattributes", "* filter=evil\n");
    session.write("a.txt", "b\n");
  });
  expect(patch.toString()).toContain("+b\n");
  expect(existsSync(marker)).toBe(false);
});

test("a sha256 repository works", async () => {
  const repository = emptyRepository(scratchFolder(), "--object-format=sha256");
  repository.git("commit", "--quiet", "--allow-empty", "--message=first");
  const result = await patchFrom(repository, (session) => session.write("a.txt", "a\n"));
  expect(kindsOf(result)).toEqual(["added a.txt"]);
});
