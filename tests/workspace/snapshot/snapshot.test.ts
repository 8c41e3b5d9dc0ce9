import { chmodSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { committed, observe, scratchFolder } from "../../support/git/repository.ts";

test("a run that changes nothing has no changes", async () => {
  const repository = committed({ "a.txt": "a\n", "b/c.txt": "c\n" });
  repository.write("untracked.txt", "u\n");
  const changes = await observe(repository, () => {});
  expect(changes).toMatchObject({ files: [], headMoved: null, refsMoved: [], deletedTests: [] });
});

test("ignored files are left out, those that appear as well", async () => {
  const repository = committed({ ".gitignore": "*.log\nbuild/\n" });
  repository.write("a.log", "1\n");
  repository.write(".git/info/exclude", "private\n");
  const { files, dirtyBefore } = await observe(repository, () => {
    repository.write("a.log", "2\n");
    repository.write("build/out.js", "1\n");
    repository.write("private", "1\n");
  });
  expect(files).toEqual([]);
  expect(dirtyBefore).toEqual([]);
});

test("an untracked file that the run makes ignored keeps its place in the proof", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("notes.txt", "1\n");
  const { lines } = await observe(repository, () => {
    repository.write(".gitignore", "notes.txt\n");
    repository.write("notes.txt", "1\n2\n");
  });
  expect(lines).toEqual(["added .gitignore +1 -0", "changed notes.txt +1 -0"]);
});

test("what the run commits shows as well as what it leaves uncommitted", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  const { lines } = await observe(repository, () => {
    repository.write("a.txt", "a\na\n");
    repository.git("commit", "--quiet", "--all", "--message=second");
    repository.write("b.txt", "b\nb\n");
  });
  expect(lines).toEqual(["changed a.txt +1 -0", "changed b.txt +1 -0"]);
});

test("a thousand new files are recorded in a few, line ends converted or not", async () => {
  const repository = committed({ ".gitattributes": "*.crlf text eol=crlf\n" });
  const names = Array.from({ length: 1_000 }, (_, at) => `new/${at}.${at < 10 ? "crlf" : "txt"}`);
  for (const name of names) repository.write(name, `${name}\r\n2\r\n`);
  const { lines, folder, tree, before } = await observe(repository, () => {
    for (const name of names) repository.write(name, name.endsWith(".crlf") ? `${name}\n2\n` : `${name}\r\n`);
  });
  expect(lines).toEqual(
    names
      .slice(10)
      .sort()
      .map((name) => `changed ${name} +0 -1`),
  );
  const env = { GIT_OBJECT_DIRECTORY: join(folder, "objects"), GIT_ALTERNATE_OBJECT_DIRECTORIES: tree.objects };
  const show = ["show", `${before.tree}:new/0.crlf`, `${before.tree}:new/11.txt`];
  const { stdout } = execaSync("git", show, { cwd: repository.root, env, stripFinalNewline: false });
  expect(stdout).toBe("new/0.crlf\n2\nnew/11.txt\r\n2\r\n");
  expect(readdirSync(join(folder, "objects"), { recursive: true }).length).toBeLessThan(60);
});

test("a special file in the way of a tracked one is reported, and stops nothing", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  const { lines } = await observe(repository, () => {
    repository.remove("a.txt");
    repository.git("-c", "alias.fifo=!mkfifo a.txt", "fifo");
    repository.write("b.txt", "b\nb\n");
  });
  expect(lines).toEqual(["changed a.txt +? -?", "changed b.txt +1 -0"]);
});

test.runIf(process.getuid?.() !== 0)("a file that we may not read counts by size and date", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("secret.txt", "1\n");
  chmodSync(join(repository.root, "secret.txt"), 0);
  const { lines } = await observe(repository, () => {
    repository.write("a.txt", "b\n");
    utimesSync(join(repository.root, "secret.txt"), 1, 1);
  });
  expect(lines).toEqual(["changed a.txt +1 -1", "changed secret.txt +? -?"]);
});

test("links are compared by where they point, and never followed", async () => {
  const outside = scratchFolder();
  writeFileSync(join(outside, "secret.txt"), "1\n");
  const repository = committed({ "a.txt": "a\n" });
  symlinkSync(outside, join(repository.root, "folder"));
  const { lines } = await observe(repository, () => writeFileSync(join(outside, "secret.txt"), "2\n"));
  expect(lines).toEqual([]);
});
