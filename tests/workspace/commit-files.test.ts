import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitFiles } from "../../src/workspace/commit-files.ts";
import { GIT_ENV } from "../support/git.ts";
import { committed, emptyRepository, type Repository, scratchFolder, workTreeOf } from "./repository.ts";

const ENV = { ...GIT_ENV, PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" };

async function commit(repository: Repository, paths: readonly string[], message = "Do it") {
  const tree = await workTreeOf(repository.root);
  return commitFiles(tree, { message, paths, env: ENV, folder: scratchFolder(), signal: new AbortController().signal });
}

function hook(repository: Repository, name: string, script: string): void {
  repository.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(repository.root, ".git/hooks", name), 0o755);
}

const namesIn = ({ git }: Repository) =>
  git("-c", "core.quotePath=off", "show", "--format=", "--name-status", "--no-renames", "HEAD").trim().split("\n");

test("exactly the named files are committed: new, changed, deleted, renamed", async () => {
  const repository = committed({ "changed.txt": "1\n", "gone.txt": "1\n", "old.txt": "moved\n", "other.txt": "1\n" });
  repository.write("changed.txt", "2\n");
  repository.write("new file.txt", "1\n");
  repository.write("other.txt", "2\n");
  repository.write("untracked.txt", "1\n");
  repository.remove("gone.txt");
  repository.git("mv", "old.txt", "now.txt");
  const made = await commit(
    repository,
    ["changed.txt", "new file.txt", "gone.txt", "old.txt", "now.txt"],
    "Say\n\n# why\n",
  );
  expect(made).toEqual({ type: "made", id: repository.git("rev-parse", "HEAD").trim() });
  expect(namesIn(repository)).toEqual(["M\tchanged.txt", "D\tgone.txt", "A\tnew file.txt", "A\tnow.txt", "D\told.txt"]);
  expect(repository.git("log", "-1", "--format=%an %B").trim()).toBe("Ada Say\n\n# why");
  expect(repository.git("status", "--porcelain")).toBe(" M other.txt\n?? untracked.txt");
});

test("names that look like patterns are names", async () => {
  const repository = committed({ "app/[id]/page.txt": "1\n", "app/i/page.txt": "1\n", 'say "hi"\n*.txt': "1\n" });
  for (const name of ["app/[id]/page.txt", "app/i/page.txt", 'say "hi"\n*.txt']) repository.write(name, "2\n");
  expect(await commit(repository, ["app/[id]/page.txt", 'say "hi"\n*.txt'])).toMatchObject({ type: "made" });
  expect(repository.git("status", "--porcelain")).toBe(" M app/i/page.txt");
});

test("what is staged of other files stays staged, and stays out", async () => {
  const repository = committed({ "a.txt": "1\n", "b.txt": "1\n" });
  repository.write("b.txt", "2\n");
  repository.git("add", "b.txt");
  repository.write("a.txt", "2\n");
  await commit(repository, ["a.txt"]);
  expect(namesIn(repository)).toEqual(["M\ta.txt"]);
  expect(repository.git("status", "--porcelain")).toBe("M  b.txt");
});

test("the first commit of a repository is made as well", async () => {
  const repository = emptyRepository();
  repository.write("a.txt", "1\n");
  expect(await commit(repository, ["a.txt"])).toMatchObject({ type: "made" });
});

test("a hook that refuses leaves no commit and the index as it was, and its words are told", async () => {
  const repository = committed({ "a.txt": "1\n" });
  hook(repository, "pre-commit", 'echo "not like this" >&2; exit 1');
  repository.write("a.txt", "2\n");
  repository.write("new.txt", "1\n");
  expect(await commit(repository, ["a.txt", "new.txt"])).toEqual({ type: "failed", reason: "not like this" });
  expect(repository.git("status", "--porcelain")).toBe(" M a.txt\n?? new.txt");
});

test("hooks of the user run, with nobody to ask", async () => {
  const repository = committed({ "a.txt": "1\n" });
  hook(repository, "pre-commit", "read answer; (exec 3</dev/tty) 2>/dev/null && exit 1; echo ran >> ran.txt; exit 0");
  repository.write("a.txt", "2\n");
  expect(await commit(repository, ["a.txt"])).toMatchObject({ type: "made" });
  expect(readFileSync(join(repository.root, "ran.txt"), "utf8")).toBe("ran\n");
});

test("signing that cannot be done without asking fails the commit", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.git("config", "commit.gpgSign", "true");
  repository.git("config", "gpg.program", "false");
  repository.write("a.txt", "2\n");
  expect(await commit(repository, ["a.txt"])).toMatchObject({ type: "failed", reason: expect.stringContaining("gpg") });
  expect(repository.git("rev-list", "--count", "HEAD").trim()).toBe("1");
});

test("a merge that is under way is not cut short", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.git("checkout", "--quiet", "-b", "side");
  repository.write("side.txt", "1\n");
  repository.git("add", "side.txt");
  repository.git("commit", "--quiet", "--message=side");
  repository.git("checkout", "--quiet", "main");
  repository.git("merge", "--quiet", "--no-ff", "--no-commit", "side");
  repository.write("a.txt", "2\n");
  expect(await commit(repository, ["a.txt"])).toMatchObject({
    type: "failed",
    reason: expect.stringContaining("merge"),
  });
});
