import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareSnapshots } from "../../../src/workspace/snapshot/compare.ts";
import { type Snapshot, takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { committed, observe } from "../../support/git/repository.ts";

const TEN_LINES = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n";

test("edits from before the run are told apart and never credited to it", async () => {
  const repository = committed({ "tracked.txt": "1\n", "staged.txt": "1\n", "twice.txt": "1\n", "deleted.txt": "1\n" });
  repository.write("tracked.txt", "1\n2\n");
  repository.write("staged.txt", "1\n2\n");
  repository.git("add", "staged.txt");
  repository.write("twice.txt", "1\n2\n3\n");
  repository.write("untracked.txt", "1\n2\n");
  repository.remove("deleted.txt");
  const { lines, dirtyBefore } = await observe(repository, () => {
    repository.write("twice.txt", "1\n2\n3\n4\n");
    repository.write("untracked.txt", "1\n2\n3\n");
  });
  expect(lines).toEqual(["changed twice.txt +1 -0", "changed untracked.txt +1 -0"]);
  expect([...dirtyBefore].sort()).toEqual(["deleted.txt", "staged.txt", "tracked.txt", "twice.txt", "untracked.txt"]);
});

test("a run that reverts an earlier edit is credited with the reversal", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.write("a.txt", "1\n2\n");
  const { lines } = await observe(repository, () => repository.git("checkout", "--quiet", "a.txt"));
  expect(lines).toEqual(["changed a.txt +0 -1"]);
});

test("any two of several snapshots can be compared", async () => {
  const repository = committed({ "a.txt": "1\n" });
  const { before, after, folder, tree } = await observe(repository, () => repository.write("a.txt", "1\n2\n"));
  repository.write("a.txt", "1\n");
  repository.write("b.txt", "1\n");
  const last = await takeSnapshot(tree, folder);
  const since = async (first: Snapshot) => (await compareSnapshots({ tree, folder }, first, last)).files;
  expect(await since(before)).toEqual([{ path: "b.txt", kind: "added", added: 1, removed: 0 }]);
  expect(await since(after)).toMatchObject([{ path: "a.txt", added: 0, removed: 1 }, { path: "b.txt" }]);
});

test("a rename is one change, with the lines edited on the way", async () => {
  const repository = committed({ "old.txt": TEN_LINES, "moved.txt": `x${TEN_LINES}` });
  repository.write("untracked.txt", `y${TEN_LINES}`);
  const { files } = await observe(repository, () => {
    repository.git("mv", "moved.txt", "new place.txt");
    renameSync(join(repository.root, "old.txt"), join(repository.root, "edited.txt"));
    repository.write("edited.txt", `${TEN_LINES}10\n`);
    renameSync(join(repository.root, "untracked.txt"), join(repository.root, "still untracked.txt"));
  });
  expect(files).toEqual([
    { path: "edited.txt", kind: "renamed", added: 1, removed: 0, from: "old.txt" },
    { path: "new place.txt", kind: "renamed", added: 0, removed: 0, from: "moved.txt" },
    { path: "still untracked.txt", kind: "renamed", added: 0, removed: 0, from: "untracked.txt" },
  ]);
});

test("the user's own diff settings do not change the answer", async () => {
  const repository = committed({ "a.txt": "1\n", "b.txt": TEN_LINES, ".gitattributes": "* diff=x\n" });
  const settings = {
    "diff.external": "false",
    "diff.x.command": "false",
    "diff.x.textconv": "false",
    "diff.renames": "false",
    "diff.ignoreSubmodules": "all",
    "status.showUntrackedFiles": "no",
  };
  for (const [name, value] of Object.entries(settings)) repository.git("config", name, value);
  const { lines } = await observe(repository, () => {
    renameSync(join(repository.root, "b.txt"), join(repository.root, "c.txt"));
    repository.write("a.txt", "2\n");
    repository.write("new.txt", "1\n");
  });
  expect(lines).toEqual(["changed a.txt +1 -1", "renamed b.txt -> c.txt +0 -0", "added new.txt +1 -0"]);
});

test("deleted tests are named, and tests renamed to something else", async () => {
  const content = (n: number) => `${n}${TEN_LINES}`;
  const repository = committed({
    "src/a.test.ts": content(1),
    "tests/helper.py": content(2),
    "src/kept.spec.ts": content(3),
    "src/moved.test.ts": content(4),
    "src/plain.ts": content(5),
  });
  const { deletedTests } = await observe(repository, () => {
    repository.remove("src/a.test.ts");
    repository.git("mv", "tests/helper.py", "helper.py");
    repository.git("mv", "src/moved.test.ts", "src/moved-on.test.ts");
    repository.remove("src/plain.ts");
    repository.write("src/kept.spec.ts", content(6));
  });
  expect(deletedTests).toEqual(["src/a.test.ts", "tests/helper.py"]);
});
