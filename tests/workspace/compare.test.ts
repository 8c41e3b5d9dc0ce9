import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { committed, emptyRepository, observe, scratchFolder } from "./repository.ts";

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

test("unusual names come back as they are", async () => {
  const names = [
    "a b.txt",
    "-f",
    '"q".txt',
    "two\nlines",
    "tab\tname",
    "é ü 漢字.txt",
    ":(top)x",
    "*?[x]",
    "# x",
    "? y",
  ];
  const repository = committed(Object.fromEntries(names.map((name) => [name, "1\n"])));
  const { files } = await observe(repository, () => {
    for (const name of names) repository.write(name, "1\n2\n");
    for (const name of names) repository.write(`new/${name}`, "1\n");
  });
  const expected = [...names.map((name) => [name, "changed"]), ...names.map((name) => [`new/${name}`, "added"])];
  expect(files.map(({ path, kind }) => [path, kind]).sort()).toEqual(expected.sort());
});

test.runIf(process.platform === "linux")("a name that is not UTF-8 is recorded all the same", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const name = Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from([0x66, 0xff, 0x6f])]);
  const { lines } = await observe(repository, () => writeFileSync(name, "1\n"));
  expect(lines).toEqual(["added f\u{fffd}o +1 -0"]);
});

test("line ends that git converts are no change", async () => {
  const repository = committed({ "a.txt": "1\n2\n", "b.txt": "1\n2\n", ".gitattributes": "b.txt text eol=crlf\n" });
  repository.git("config", "core.autocrlf", "true");
  repository.git("config", "core.safecrlf", "true");
  const { lines } = await observe(repository, () => {
    repository.write("a.txt", "1\r\n2\r\n");
    repository.write("b.txt", "1\r\n2\r\n");
    repository.write("mixed.txt", "1\r\n2\n");
  });
  expect(lines).toEqual(["added mixed.txt +2 -0"]);
});

test("without conversion, line ends are content", async () => {
  const repository = committed({ "a.txt": "1\n2\n" });
  repository.git("config", "core.autocrlf", "false");
  const { lines } = await observe(repository, () => repository.write("a.txt", "1\r\n2\n"));
  expect(lines).toEqual(["changed a.txt +1 -1"]);
});

test("lines of binary files are not counted", async () => {
  const repository = committed({ "a.bin": "\0a" });
  const { lines } = await observe(repository, () => {
    repository.write("a.bin", "\0b");
    repository.write("b.bin", "\0b");
  });
  expect(lines).toEqual(["changed a.bin +? -?", "added b.bin +? -?"]);
});

test("lines of filtered files are not counted, nor are filters started", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n", ".gitattributes": "a.txt filter=upper\n" });
  repository.git("config", "filter.upper.clean", "tr a-z A-Z");
  const { lines } = await observe(repository, () => {
    repository.write("a.txt", "new\n");
    repository.write("b.txt", "new\n");
  });
  expect(lines).toEqual(["changed a.txt +? -?", "changed b.txt +1 -1"]);
});

test("modes, links and kinds of files are told apart", async () => {
  const repository = committed({ "run.sh": "1\n", "both.sh": "1\n", "file.txt": "1\n", "folder/x": "1\n" });
  symlinkSync("file.txt", join(repository.root, "link"));
  repository.git("add", "link");
  repository.git("commit", "--quiet", "--message=link");
  const at = (path: string) => join(repository.root, path);
  const { files } = await observe(repository, () => {
    chmodSync(at("run.sh"), 0o755);
    chmodSync(at("both.sh"), 0o755);
    repository.write("both.sh", "2\n");
    rmSync(at("link"));
    symlinkSync("elsewhere", at("link"));
    rmSync(at("file.txt"));
    symlinkSync("/dev/null", at("file.txt"));
    rmSync(at("folder"), { recursive: true });
    symlinkSync("/", at("folder"));
  });
  expect(files).toEqual([
    { path: "both.sh", kind: "changed", added: 1, removed: 1 },
    { path: "file.txt", kind: "type", added: 1, removed: 1 },
    { path: "folder", kind: "added", added: 1, removed: 0 },
    { path: "folder/x", kind: "deleted", added: 0, removed: 1 },
    { path: "link", kind: "changed", added: 1, removed: 1 },
    { path: "run.sh", kind: "mode", added: 0, removed: 0 },
  ]);
});

test("a file that becomes a folder, and the other way round", async () => {
  const repository = committed({ file: "1\n", "folder/a": "1\n2\n3\n" });
  const { lines } = await observe(repository, () => {
    repository.remove("file");
    repository.write("file/inside", TEN_LINES);
    repository.remove("folder");
    repository.write("folder", "x\n");
  });
  expect(lines).toEqual([
    "deleted file +0 -1",
    "added file/inside +10 -0",
    "added folder +1 -0",
    "deleted folder/a +0 -3",
  ]);
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

test("a submodule counts by its commit, and nothing inside is touched", async () => {
  const library = committed({ "lib.txt": "1\n" });
  const repository = committed({ "a.txt": "a\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.root, "lib");
  repository.git("config", "-f", ".gitmodules", "submodule.lib.ignore", "all");
  repository.git("commit", "--quiet", "--all", "--message=submodule");
  const inside = { cwd: "lib", identity: ["-c", "user.name=Test", "-c", "user.email=test@example.org"] };
  const index = readFileSync(join(repository.root, ".git/modules/lib/index"));
  const edited = await observe(repository, () => repository.write("lib/lib.txt", "2\n"));
  expect(edited.lines).toEqual([]);
  expect(readFileSync(join(repository.root, ".git/modules/lib/index"))).toEqual(index);
  const moved = await observe(repository, () =>
    repository.git("-C", inside.cwd, ...inside.identity, "commit", "--quiet", "--all", "--message=inside"),
  );
  expect(moved.lines).toEqual(["changed lib +? -?"]);
});

test("an untracked repository counts by its commit", async () => {
  const repository = committed({ "a.txt": "a\n" });
  mkdirSync(join(repository.root, "unborn"));
  emptyRepository(join(repository.root, "unborn"));
  mkdirSync(join(repository.root, "nested"));
  const nested = committed({ "x.txt": "x\n" }, join(repository.root, "nested"));
  const { lines, dirtyBefore } = await observe(repository, () => {
    nested.write("x.txt", "uncommitted\n");
    repository.write("unborn/file.txt", "1\n");
    repository.git("clone", "--quiet", "nested", "cloned");
  });
  expect(lines).toEqual(["added cloned +? -?"]);
  expect(dirtyBefore).toEqual(["nested", "unborn"]);
  const second = await observe(repository, () => nested.git("commit", "--quiet", "--all", "--message=second"));
  expect(second.lines).toEqual(["changed nested +? -?"]);
});

test("a commit, a new branch, a tag and a stash are reported with from and to", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.git("tag", "old");
  const first = repository.git("rev-parse", "HEAD");
  const { headMoved, refsMoved } = await observe(repository, () => {
    repository.write("a.txt", "2\n");
    repository.git("stash");
    repository.git("checkout", "--quiet", "-b", "side");
    repository.git("commit", "--quiet", "--allow-empty", "--message=second");
    repository.git("tag", "--delete", "old");
  });
  const second = repository.git("rev-parse", "HEAD");
  expect(headMoved).toEqual({ from: first, to: second, fromBranch: "main", toBranch: "side" });
  expect(refsMoved).toEqual([
    { ref: "refs/heads/side", from: null, to: second },
    { ref: "refs/stash", from: null, to: repository.git("rev-parse", "refs/stash") },
    { ref: "refs/tags/old", from: first, to: null },
  ]);
});

test.each([
  { name: "another branch at the same commit", command: ["checkout", "--quiet", "-b", "side"], to: "side" },
  { name: "a detached HEAD at the same commit", command: ["checkout", "--quiet", "--detach"], to: null },
])("$name is a moved HEAD", async ({ command, to }) => {
  const repository = committed({ "a.txt": "1\n" });
  const { headMoved } = await observe(repository, () => repository.git(...command));
  expect(headMoved).toMatchObject({ fromBranch: "main", toBranch: to });
});

test("the first commit is a moved HEAD from nothing", async () => {
  const repository = emptyRepository();
  repository.write("a.txt", "1\n");
  const { files, headMoved } = await observe(repository, () => {
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message=first");
  });
  expect(files).toEqual([]);
  expect(headMoved).toMatchObject({ from: null, to: repository.git("rev-parse", "HEAD") });
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

test("a work tree below a symbolic link outside is not entered", async () => {
  const outside = scratchFolder();
  const repository = committed({ "folder/a.txt": "1\n" });
  const { lines } = await observe(repository, () => {
    renameSync(join(repository.root, "folder"), join(outside, "folder"));
    symlinkSync(join(outside, "folder"), join(repository.root, "folder"));
    writeFileSync(join(outside, "folder/b.txt"), "1\n");
  });
  expect(lines).toEqual(["added folder +1 -0", "deleted folder/a.txt +0 -1"]);
});
