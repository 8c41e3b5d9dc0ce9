import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { type Stashed, stashFiles } from "../../../src/workspace/write/stash-files.ts";
import {
  committed,
  emptyRepository,
  type Observed,
  observe,
  type Repository,
  scratchFolder,
} from "../../support/git/repository.ts";
import { filesOf } from "../../support/git/worktrees.ts";

test("the stash shows exactly the named changes and brings them back", async () => {
  const repository = committed({ "a.txt": "1\n2\n3\n", "b.txt": "b\n", "gone.txt": "gone\n", "mine.txt": "m\n" });
  repository.write("mine.txt", "edited before\n");
  repository.write("staged.txt", "staged before\n");
  repository.git("add", "staged.txt");
  repository.write("untracked.txt", "there before\n");
  const before = filesOf(repository);
  const seen = await observe(repository, () => {
    repository.write("a.txt", "1\n2 Codex\n3\n");
    repository.write("b.txt", "allowed\n");
    repository.write('new dir/é "n".txt', "new\n");
    repository.remove("gone.txt");
  });
  const after = filesOf(repository);
  const [index, refs, config] = stateOf(repository);
  const { stashed, patch } = await stash(seen, ["a.txt", 'new dir/é "n".txt', "gone.txt"]);
  expect(stashed).toEqual({
    paths: ["a.txt", "gone.txt", 'new dir/é "n".txt'],
    left: [],
    commit: repository.git("rev-parse", "stash@{0}"),
  });
  expect(filesOf(repository)).toEqual(new Map([...before, ["b.txt", after.get("b.txt")]]));
  expect(stateOf(repository)).toEqual([index, refs, config]);
  expect(repository.git("stash", "list")).toBe("stash@{0}: ask-codex: test");
  const shown = repository.git("stash", "show", "-p", "--include-untracked", "--name-status", "-z", "--no-renames");
  expect(shown.split("\0").slice(0, -1)).toEqual(["M", "a.txt", "D", "gone.txt", "A", 'new dir/é "n".txt']);
  expect(repository.git("stash", "show", "-p")).toContain("+2 Codex");
  repository.git("stash", "apply", "--quiet");
  expect(filesOf(repository)).toEqual(after);
  expect(readFileSync(patch, "utf8")).toContain("+2 Codex");
});

test("stash entries of before stay where they are, and the new one survives a clean-up", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  repository.write("b.txt", "older\n");
  repository.git("stash", "--quiet");
  repository.write("a.txt", "not committed\n");
  const seen = await observe(repository, () => repository.write("a.txt", "not committed\nCodex\n"));
  await stash(seen, ["a.txt"]);
  expect(readFileSync(join(repository.root, "a.txt"), "utf8")).toBe("not committed\n");
  expect(repository.git("stash", "list").split("\n")).toHaveLength(2);
  repository.git("gc", "--quiet", "--prune=now");
  expect(repository.git("fsck", "--full", "--strict")).toBe("");
  expect(repository.git("diff", "stash@{0}^1", "stash@{0}")).toContain("+Codex");
  expect(repository.git("diff", "stash@{1}^1", "stash@{1}")).toContain("+older");
  // With the user's own edits committed, it goes on top of them.
  repository.git("commit", "--quiet", "--all", "--message=mine");
  repository.git("stash", "apply", "--quiet");
  expect(readFileSync(join(repository.root, "a.txt"), "utf8")).toBe("not committed\nCodex\n");
});

test("it works in a linked work tree, on no branch and for a user without a name; no hook runs", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.git("config", "--unset", "user.name");
  repository.git("config", "user.useConfigOnly", "true");
  repository.write(".git/hooks/reference-transaction", "#!/bin/sh\nexit 1\n");
  chmodSync(join(repository.root, ".git/hooks/reference-transaction"), 0o755);
  const linked = join(scratchFolder(), "linked");
  repository.git("-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", linked);
  vi.stubEnv("EMAIL", undefined);
  const seen = await observe({ ...repository, root: linked }, () => writeFileSync(join(linked, "a.txt"), "Codex\n"));
  await stash(seen, ["a.txt"]);
  expect(readFileSync(join(linked, "a.txt"), "utf8")).toBe("a\n");
  expect(repository.git("log", "-1", "--format=%an", "stash@{0}")).toBe("git stash");
  expect(repository.git("status", "--porcelain")).toBe("");
});

test("without a commit there is nothing to stash upon, and nothing is touched", async () => {
  const repository = emptyRepository();
  repository.write("a.txt", "a\n");
  const seen = await observe(repository, () => repository.write("a.txt", "Codex\n"));
  const refused = stash(seen, ["a.txt"]);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow("the repository has no commit yet");
  expect(readFileSync(join(repository.root, "a.txt"), "utf8")).toBe("Codex\n");
});

test("when the files cannot be put back, nothing is in the stash", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const seen = await observe(repository, () => repository.write("a.txt", "Codex\n"));
  repository.write("a.txt", "the user, later\n");
  await expect(stash(seen, ["a.txt"])).rejects.toThrow("the patch could not be applied");
  expect(repository.git("stash", "list")).toBe("");
  expect(readFileSync(join(repository.root, "a.txt"), "utf8")).toBe("the user, later\n");
});

test("without anything to put back no entry is made", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const seen = await observe(repository, () => repository.write("a.txt", "Codex\n"));
  const { stashed } = await stash(seen, ["other.txt"]);
  expect(stashed).toEqual({ paths: [], left: [], commit: null });
  expect(repository.git("stash", "list")).toBe("");
});

async function stash(seen: Observed, paths: readonly string[]): Promise<{ stashed: Stashed; patch: string }> {
  const patch = join(scratchFolder("patches"), "undone.patch");
  const { tree, folder, before, after } = seen;
  const files = seen.files.filter(({ path }) => paths.includes(path));
  const undo = { tree, folder, filters: after.filters, before: before.tree, after: after.tree, files };
  return { stashed: await stashFiles(undo, "ask-codex: test", patch), patch };
}

/** Index, refs but for the stash, and configuration. */
function stateOf({ root, git }: Repository): [string, string, string] {
  const refs = git("for-each-ref").split("\n");
  const read = (name: string) => readFileSync(join(root, ".git", name), "latin1");
  return [read("index"), refs.filter((ref) => !ref.endsWith("refs/stash")).join("\n"), read("config")];
}
