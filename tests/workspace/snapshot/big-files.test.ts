import { lstatSync, mkdirSync, readdirSync, renameSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { committed, emptyRepository, type Observed, observe, type Repository } from "../../support/git/repository.ts";

const BIG = 300_000_000;

test("a big untracked file counts by size and date, and no object of it is made", async () => {
  const repository = committed({ "a.txt": "a\n" });
  sparse(repository, "still.bin", BIG);
  sparse(repository, "grows.bin", BIG);
  utimesSync(join(repository.root, "grows.bin"), 1, 1);
  sparse(repository, "touched.bin", BIG);
  sparse(repository, "deleted.bin", BIG);
  const changes = await observe(repository, () => {
    sparse(repository, "grows.bin", BIG + 1);
    utimesSync(join(repository.root, "grows.bin"), 1, 1);
    utimesSync(join(repository.root, "touched.bin"), 1, 1);
    repository.remove("deleted.bin");
    sparse(repository, "new.bin", BIG);
  });
  expect(changes.lines).toEqual([
    "deleted deleted.bin +? -?",
    "changed grows.bin +? -?",
    "added new.bin +? -?",
    "changed touched.bin +? -?",
  ]);
  expect([...changes.dirtyBefore].sort()).toEqual(["deleted.bin", "grows.bin", "still.bin", "touched.bin"]);
  expect(hashedFiles(changes)).toBe(0);
});

test("a file that becomes big, or stops being big, is changed", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("grows.txt", "1\n");
  sparse(repository, "shrinks.txt", BIG);
  const changes = await observe(repository, () => {
    sparse(repository, "grows.txt", BIG);
    repository.write("shrinks.txt", "1\n");
  });
  expect(changes.lines).toEqual(["changed grows.txt +? -?", "changed shrinks.txt +? -?"]);
  expect(hashedFiles(changes)).toBe(1); // "1\n"
});

test("half of a rename may be a file that became big", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("grows.txt", "same content\n");
  const { lines } = await observe(repository, () => {
    renameSync(join(repository.root, "grows.txt"), join(repository.root, "moved.txt"));
    sparse(repository, "grows.txt", BIG);
  });
  expect(lines).toEqual(["changed grows.txt +? -?", "added moved.txt +? -?"]);
});

test("a big file that gives way to a folder is deleted", async () => {
  const repository = committed({ "a.txt": "a\n" });
  sparse(repository, "big", BIG);
  const { lines } = await observe(repository, () => {
    repository.remove("big");
    mkdirSync(join(repository.root, "big"));
    repository.write("big/inside.txt", "1\n");
  });
  expect(lines).toEqual(["deleted big +? -?", "added big/inside.txt +1 -0"]);
});

test("in a repository without commits big files are not hashed either", async () => {
  const repository = emptyRepository();
  sparse(repository, "big.bin", BIG);
  repository.git("add", "--intent-to-add", "big.bin");
  const changes = await observe(repository, () => sparse(repository, "big.bin", BIG + 1));
  expect(changes.lines).toEqual(["changed big.bin +? -?"]);
  expect(hashedFiles(changes)).toBe(0);
});

test("a file of exactly 10 MB is still compared by content", async () => {
  const repository = committed({ "a.txt": "a\n" });
  sparse(repository, "limit.bin", 10_000_000);
  const { mtime } = lstatSync(join(repository.root, "limit.bin"));
  const changes = await observe(repository, () => {
    utimesSync(join(repository.root, "limit.bin"), mtime, new Date(1));
  });
  expect(changes.lines).toEqual([]);
});

test("a big file of the last commit is compared by content", async () => {
  const repository = emptyRepository();
  sparse(repository, "asset.bin", 10_000_001);
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message=first");
  const touched = await observe(repository, () => utimesSync(join(repository.root, "asset.bin"), 1, 1));
  expect(touched.lines).toEqual([]);
  sparse(repository, "asset.bin", 10_000_003); // an edit from before the run, which then only touches the file
  const touchedAgain = await observe(repository, () => utimesSync(join(repository.root, "asset.bin"), 2, 2));
  expect(touchedAgain.lines).toEqual([]);
  const edited = await observe(repository, () => sparse(repository, "asset.bin", 10_000_002));
  expect(edited.lines).toEqual(["changed asset.bin +? -?"]);
});

function sparse(repository: Repository, path: string, bytes: number): void {
  repository.write(path, "");
  truncateSync(join(repository.root, path), bytes);
}

/** How many blobs the run's object folder holds, by asking git for their types. */
function hashedFiles({ folder, tree, before, after }: Observed): number {
  expect(before.tree).not.toBe("");
  expect(after.tree).not.toBe("");
  const objects = join(folder, "objects");
  const ids = readdirSync(objects, { recursive: true, encoding: "utf8" }).map((name) => name.replace("/", ""));
  const loose = ids.filter((id) => /^[0-9a-f]{40,}$/.test(id));
  expect(ids.filter((id) => id.endsWith(".pack"))).toEqual([]);
  return loose.filter((id) => typeOf(id, objects, tree.root) === "blob").length;
}

function typeOf(id: string, objects: string, cwd: string): string {
  return execaSync("git", ["cat-file", "-t", id], { cwd, env: { GIT_OBJECT_DIRECTORY: objects } }).stdout;
}
