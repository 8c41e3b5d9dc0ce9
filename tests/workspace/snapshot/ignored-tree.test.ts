import { mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PrivateWork } from "../../../src/workspace/git/private-git.ts";
import { compareIgnored, type IgnoredFilter, recordIgnored } from "../../../src/workspace/snapshot/ignored-tree.ts";
import { takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { restoreFiles } from "../../../src/workspace/write/restore-files.ts";
import { committed, type Repository, scratchFolder, workTreeOf } from "../../support/git/repository.ts";
import { filesOf, repositoryState } from "../../support/git/worktrees.ts";

const IGNORE = ".env\nbuild/\n*.log\nnode_modules/\n";
const ALL: IgnoredFilter = { matches: () => true, reaches: () => true };

test("ignored files are compared and put back like others, and the rest of the work tree is left out", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitignore": IGNORE, "forced.log": "tracked\n" });
  repository.git("add", "--force", "forced.log");
  repository.git("commit", "--quiet", "--amend", "--message=forced");
  repository.write(".env", "KEY=1\n");
  repository.write("build/old.js", "old\n");
  repository.write("build/deep/bytes.bin", Buffer.from([0, 1, 2]));
  const files = filesOf(repository);
  const state = repositoryState(repository);
  const { found, changes, work, before, after } = await look(repository, ALL, () => {
    repository.write("a.txt", "not ignored\n");
    repository.write("forced.log", "not ignored either\n");
    repository.write(".env", "KEY=2\n");
    repository.remove("build/old.js");
    repository.write("build/deep/bytes.bin", Buffer.from([0, 1, 3]));
    repository.write("build/new dir/é.log", "new\n");
  });
  expect(changes).toEqual([
    "changed .env",
    "changed build/deep/bytes.bin",
    "added build/new dir/é.log",
    "deleted build/old.js",
  ]);
  const patch = join(scratchFolder("patches"), "ignored.patch");
  const paths = [".env", "build/deep/bytes.bin", "build/new dir/é.log", "build/old.js"];
  const undone = await restoreFiles({ ...work, before: before.tree, after: after.tree, files: found }, patch);
  expect(undone).toEqual({ paths, left: [] });
  const now = filesOf(repository);
  for (const path of ["a.txt", "forced.log"]) now.set(path, files.get(path) ?? "");
  expect(now).toEqual(files);
  expect(repositoryState(repository)).toEqual(state);
});

test("only what the filter wants is recorded, and a folder that it does not reach is not even looked into", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitignore": IGNORE });
  repository.write(".env", "KEY=1\n");
  repository.write("node_modules/x/index.js", "x\n");
  const asked: string[] = [];
  const filter: IgnoredFilter = {
    matches: (path) => asked.push(path) > 0 && path === ".env",
    reaches: (folder) => asked.push(`${folder}/`) > 0 && folder !== "node_modules",
  };
  const { changes } = await look(repository, filter, () => {
    repository.write("node_modules/x/index.js", "y\n");
    repository.write(".env", "KEY=2\n");
  });
  expect(changes).toEqual(["changed .env"]);
  expect([...new Set(asked)].sort()).toEqual([".env", "node_modules/"]);
});

test("a file that is ignored no longer is still compared", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitignore": IGNORE });
  repository.write(".env", "KEY=1\n");
  repository.write("quiet.log", "same\n");
  const { changes } = await look(repository, ALL, () => {
    repository.write(".gitignore", "build/\n");
    repository.write(".env", "KEY=2\n");
  });
  expect(changes).toEqual(["changed .env"]);
});

test("big files count by size and time, and files that take each other's place are told apart", async () => {
  const repository = committed({ ".gitignore": IGNORE });
  repository.write("big.log", Buffer.alloc(10_000_001));
  repository.write("grows.log", "small\n");
  repository.write("build/kind", "a file\n");
  symlinkSync("nowhere", join(repository.root, "link.log"));
  const { changes, after } = await look(repository, ALL, () => {
    repository.write("big.log", Buffer.alloc(10_000_002));
    repository.write("grows.log", Buffer.alloc(10_000_001));
    repository.remove("build/kind");
    repository.write("build/kind/inside", "a folder\n");
    repository.remove("link.log");
    mkdirSync(join(repository.root, "link.log"));
    repository.write("link.log/x", "x\n");
  });
  expect([...changes].sort()).toEqual([
    "added build/kind/inside",
    "added link.log/x",
    "changed big.log",
    "changed grows.log",
    "deleted build/kind",
    "deleted link.log",
  ]);
  expect([...after.stamps.keys()].sort()).toEqual(["big.log", "grows.log"]);
});

test("a repository in an ignored folder keeps its own affairs to itself", async () => {
  const repository = committed({ ".gitignore": IGNORE });
  committed({ "inner.txt": "i\n" }, makeFolder(repository, "build/inner"));
  const { changes } = await look(repository, ALL, () => {
    repository.git("-C", "build/inner", "config", "a.b", "c");
    renameSync(join(repository.root, "build/inner/inner.txt"), join(repository.root, "build/inner/outer.txt"));
  });
  expect(changes).toEqual(["renamed build/inner/outer.txt"]);
  expect(readFileSync(join(repository.root, "build/inner/outer.txt"), "utf8")).toBe("i\n");
});

function makeFolder({ root }: Repository, path: string): string {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
}

async function look(repository: Repository, filter: IgnoredFilter, edit: () => void) {
  const tree = await workTreeOf(repository.root);
  const work: PrivateWork = { tree, folder: scratchFolder("run"), filters: [] };
  await takeSnapshot(tree, work.folder);
  const before = await recordIgnored(work, filter, null);
  edit();
  await takeSnapshot(tree, work.folder);
  const after = await recordIgnored(work, filter, before);
  const found = await compareIgnored(work, before, after);
  return { found, changes: found.map(({ kind, path }) => `${kind} ${path}`), work, before, after };
}
