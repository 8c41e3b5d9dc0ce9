import { chmodSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { committed, observe, scratchFolder } from "../../support/git/repository.ts";

const TEN_LINES = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n";

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

test("line ends that git converts are not a change", async () => {
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
