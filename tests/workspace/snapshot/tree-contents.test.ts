import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hunksBetween, wholeHunk } from "../../../src/workspace/git/hunks.ts";
import { readBlobs } from "../../../src/workspace/git/read-blobs.ts";
import { committed, observe } from "../../support/git/repository.ts";

test("the texts of a tree are read whatever the files are called, and null stands for what is not text", async () => {
  const odd = {
    'a "b".txt': "quotes\n",
    "c\nd.txt": "lines\n",
    "é.txt": "ü\n",
    ":(top)*.txt": "magic\n",
    "-e": "dash\n",
  };
  const repository = committed({ ...odd, empty: "", "dir/f.txt": "deep\n", "no end": "x" });
  const { before, tree, folder } = await observe(repository, () => {});
  const work = { tree, folder, filters: [] };
  const paths = [...Object.keys(odd), "empty", "dir/f.txt", "no end", "missing", "dir"];
  const texts = await readBlobs(work, before.tree, paths);
  expect(Object.fromEntries(texts)).toEqual({
    ...odd,
    empty: "",
    "dir/f.txt": "deep\n",
    "no end": "x",
    missing: null,
    dir: null,
  });
  // No path at all, as a caller may have read it from somewhere.
  expect([...(await readBlobs(work, before.tree, ["", "empty"]))]).toEqual([
    ["", null],
    ["empty", ""],
  ]);
});

test("links, binary, big and submodule entries have no text, and latin-1 shows what can be shown", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const { after, tree, folder } = await observe(repository, () => {
    symlinkSync("a.txt", join(repository.root, "link"));
    repository.write("bytes.bin", Buffer.from([65, 0, 66]));
    repository.write("big.txt", "x\n".repeat(1_000_001));
    repository.write("latin.txt", Buffer.from([0xe9, 10]));
  });
  const texts = await readBlobs({ tree, folder, filters: [] }, after.tree, [
    "link",
    "bytes.bin",
    "big.txt",
    "latin.txt",
    "a.txt",
  ]);
  expect([...texts.values()]).toEqual([null, null, null, "\ufffd\n", "a\n"]);
});

test("more files than fit on a command line are read all the same", async () => {
  const files = Object.fromEntries(Array.from({ length: 260 }, (_, at) => [`f/${at}.txt`, `${at}\n`]));
  const { before, tree, folder } = await observe(committed(files), () => {});
  const texts = await readBlobs({ tree, folder, filters: [] }, before.tree, Object.keys(files));
  expect(Object.fromEntries(texts)).toEqual(files);
});

test("the lines that differ are told for every file, and nothing in a file is taken for a head", async () => {
  const tricky = "diff --git a/x b/x\n@@ -1,1 +1,1 @@\nBinary files a and b differ\n";
  const repository = committed({
    "a.txt": "1\n2\n3\n4\n5\n6\n",
    "b\nb.txt": "1\n2\n",
    "gone.txt": "1\n2\n",
    "kind.txt": "1\n",
    "old.txt": Array.from({ length: 20 }, (_, at) => `${at}\n`).join(""),
    "tricky.txt": tricky,
    "hidden.lock": "1\n",
    ".gitattributes": "*.lock -diff\n",
    "run.sh": "",
  });
  const { before, after, tree, folder } = await observe(repository, () => {
    repository.write("a.txt", "0\n1\n3\n4\nfive\nV\n6\n");
    repository.write("b\nb.txt", "1\r\n2\n");
    repository.remove("gone.txt");
    rmSync(join(repository.root, "kind.txt"));
    symlinkSync("elsewhere", join(repository.root, "kind.txt"));
    renameSync(join(repository.root, "old.txt"), join(repository.root, "new.txt"));
    writeFileSync(join(repository.root, "new.txt"), "first\n", { flag: "a" });
    repository.write("tricky.txt", `${tricky}\rdiff --git a/y b/y\n${tricky}`);
    repository.write("hidden.lock", "2\n");
    repository.write("bytes.bin", Buffer.from([0, 1]));
    repository.write("empty.txt", "");
  });
  const hunks = await hunksBetween({ tree, folder, filters: [] }, before.tree, after.tree);
  const told = [...hunks].map(([path, found]) => {
    const run = ({ start, count }: { start: number; count: number }) => `${start},${count}`;
    return `${path}: ${found === null ? "no lines" : found.map((hunk) => `-${run(hunk.before)} +${run(hunk.after)}`).join(" ")}`;
  });
  expect(told.sort()).toEqual([
    "a.txt: -0,0 +1,1 -2,1 +2,0 -5,1 +5,2",
    "b\nb.txt: -1,1 +1,1",
    "bytes.bin: no lines",
    "empty.txt: ",
    "gone.txt: -1,2 +0,0",
    "hidden.lock: no lines",
    "kind.txt: -1,1 +0,0 -0,0 +1,1",
    "new.txt: -20,0 +21,1",
    "tricky.txt: -3,0 +4,4",
  ]);
});

test.each([
  ["1\n2\n3\n", "1\nx\n3\n", "-2,1 +2,1"],
  ["1\n2\n", "1\n2\n3\n", "-2,0 +3,1"],
  ["1\n2\n3\n", "2\n3\n", "-1,1 +0,0"],
  ["", "1\n", "-0,0 +1,1"],
  ["a\na\na\n", "a\na\n", "-3,1 +2,0"],
])("the whole difference of %j and %j is %s", (before, after, told) => {
  const hunk = wholeHunk(before, after);
  expect(`-${hunk.before.start},${hunk.before.count} +${hunk.after.start},${hunk.after.count}`).toBe(told);
});
