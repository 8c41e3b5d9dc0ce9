import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RestoredFiles, restoreFiles } from "../../../src/workspace/write/restore-files.ts";
import { committed, emptyRepository, type Observed, observe, scratchFolder } from "../../support/git/repository.ts";
import { filesOf, repositoryState } from "../../support/git/worktrees.ts";

test("exactly the files that are named are as before, and the patch brings back what they were", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "gone\n", "keep/c.txt": "c\n" });
  repository.write("a.txt", "edited before\n");
  repository.write("untracked.txt", "there before\n");
  const before = filesOf(repository);
  const seen = await observe(repository, () => {
    repository.write("a.txt", "Codex\n");
    repository.write("b.txt", "Codex\n");
    repository.write("untracked.txt", "Codex\n");
    repository.remove("gone.txt");
    repository.write("new/deep/d.txt", "d\n");
  });
  const after = filesOf(repository);
  const state = repositoryState(repository);
  const { undone, patch } = await restore(seen, ["a.txt", "gone.txt", "new/deep/d.txt", "untracked.txt"]);
  expect(undone).toEqual({ paths: ["a.txt", "gone.txt", "new/deep/d.txt", "untracked.txt"], left: [] });
  expect(filesOf(repository)).toEqual(new Map([...before, ["b.txt", after.get("b.txt")]]));
  expect(existsSync(join(repository.root, "new"))).toBe(false);
  expect(repositoryState(repository)).toEqual(state);
  repository.git("apply", patch);
  expect(filesOf(repository)).toEqual(after);
});

const NAMES = [
  "with space.txt",
  'quo"te.txt',
  "line\nbreak.txt",
  "ümlaut.txt",
  "-dash.txt",
  "tab\t.txt",
  ":(top)x.txt",
];

test("files with odd names are put back, changed, deleted or new", async () => {
  const repository = committed(Object.fromEntries(NAMES.map((name) => [name, "1\n2\n3\n"])));
  const before = filesOf(repository);
  const changed = await observe(repository, () => {
    for (const name of NAMES) repository.write(name, "1\n2\n3 Codex\n");
  });
  await restore(changed, NAMES);
  expect(filesOf(repository)).toEqual(before);
  const swapped = await observe(repository, () => {
    for (const name of NAMES) {
      repository.remove(name);
      repository.write(`sub/${name}`, "new\n");
    }
  });
  await restore(swapped, [...NAMES, ...NAMES.map((name) => `sub/${name}`)]);
  expect(filesOf(repository)).toEqual(before);
});

test("a name that is not UTF-8 is found by the text that it shows as", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const name = Buffer.concat([Buffer.from(`${repository.root}/caf`), Buffer.from([0xe9]), Buffer.from(".txt")]);
  writeFileSync(name, "before\n");
  const seen = await observe(repository, () => writeFileSync(name, "Codex\n"));
  expect(seen.files.map(({ path }) => path)).toEqual(["caf\ufffd.txt"]);
  await restore(seen, ["caf\ufffd.txt"]);
  expect(readFileSync(name, "utf8")).toBe("before\n");
});

test("renames, modes, links, binary files, CRLF and kinds of file are put back", async () => {
  const repository = committed({
    "a.txt": "1\n2\n3\n4\n",
    "run.sh": "#!/bin/sh\n",
    "crlf.txt": "a\r\nb\r\n",
    kind: "file\n",
  });
  repository.write("bytes.bin", Buffer.from([0, 1, 2, 255, 10, 0]));
  symlinkSync("a.txt", join(repository.root, "link"));
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message=second");
  const before = filesOf(repository);
  const seen = await observe(repository, () => {
    renameSync(join(repository.root, "a.txt"), join(repository.root, "moved.txt"));
    chmodSync(join(repository.root, "run.sh"), 0o755);
    repository.write("crlf.txt", "a\nb\n");
    repository.write("bytes.bin", Buffer.from([0, 9, 9]));
    repository.remove("link");
    symlinkSync("elsewhere", join(repository.root, "link"));
    repository.remove("kind");
    repository.write("kind/inside.txt", "a folder now\n");
  });
  const after = filesOf(repository);
  const { patch, undone } = await restore(
    seen,
    seen.files.map(({ path }) => path),
  );
  expect(undone.left).toEqual([]);
  expect(filesOf(repository)).toEqual(before);
  repository.git("apply", patch);
  expect(filesOf(repository)).toEqual(after);
});

test("a file that only its owner may read stays so", async () => {
  const repository = committed({ "secret.txt": "a\n", "run.sh": "a\n" });
  const mode = (path: string) => (lstatSync(join(repository.root, path)).mode & 0o777).toString(8);
  chmodSync(join(repository.root, "secret.txt"), 0o600);
  chmodSync(join(repository.root, "run.sh"), 0o700);
  const seen = await observe(repository, () => {
    repository.write("secret.txt", "Codex\n");
    repository.write("run.sh", "Codex\n");
  });
  await restore(seen, ["secret.txt", "run.sh"]);
  expect([mode("secret.txt"), mode("run.sh")]).toEqual(["600", "700"]);
});

test("a repository without commits, and a linked work tree, are like others", async () => {
  const empty = emptyRepository();
  empty.write("a.txt", "a\n");
  const seen = await observe(empty, () => empty.write("a.txt", "Codex\n"));
  await restore(seen, ["a.txt"]);
  expect(readFileSync(join(empty.root, "a.txt"), "utf8")).toBe("a\n");

  const repository = committed({ "a.txt": "a\n" });
  const linked = join(scratchFolder(), "linked");
  repository.git("worktree", "add", "--quiet", linked);
  const there = { ...repository, root: linked };
  const inLinked = await observe(there, () => writeFileSync(join(linked, "a.txt"), "Codex\n"));
  await restore(inLinked, ["a.txt"]);
  expect(readFileSync(join(linked, "a.txt"), "utf8")).toBe("a\n");
});

test("files that nobody can put back are named and left", async () => {
  const repository = committed({ "a.txt": "a\n", "lfs.bin": "a\n", ".gitattributes": "lfs.bin filter=lfs\n" });
  repository.git("config", "filter.lfs.clean", "cat");
  const sub = committed({ "s.txt": "s\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", sub.root, "sub");
  repository.git("commit", "--quiet", "--message=sub");
  const seen = await observe(repository, () => {
    repository.write("big.bin", Buffer.alloc(10_000_001));
    repository.write("lfs.bin", "Codex\n");
    repository.write("sub/s.txt", "Codex\n");
    repository.git("-C", "sub", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-aqm", "in sub");
    repository.write("a.txt", "Codex\n");
  });
  expect(seen.files.map(({ path }) => path)).toEqual(["a.txt", "big.bin", "lfs.bin", "sub"]);
  const { undone } = await restore(seen, ["a.txt", "big.bin", "lfs.bin", "sub"]);
  expect(undone).toEqual({ paths: ["a.txt"], left: ["big.bin", "lfs.bin", "sub"] });
  expect(readFileSync(join(repository.root, "lfs.bin"), "utf8")).toBe("Codex\n");
});

test("a file that was known by its stamp alone on one side is left, and nothing of it is taken for new or gone", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.write("shrinks.bin", Buffer.alloc(10_000_001));
  repository.write("grows.bin", "small\n");
  const seen = await observe(repository, () => {
    repository.write("shrinks.bin", "small\n");
    repository.write("grows.bin", Buffer.alloc(10_000_001));
    repository.write("a.txt", "Codex\n");
  });
  const { undone } = await restore(seen, ["a.txt", "grows.bin", "shrinks.bin"]);
  expect(undone).toEqual({ paths: ["a.txt"], left: ["grows.bin", "shrinks.bin"] });
  expect(readFileSync(join(repository.root, "shrinks.bin"), "utf8")).toBe("small\n");
});

test("a folder that had become a link is put back, and what the link leads to is left alone", async () => {
  const repository = committed({ "f/e.txt": "f\n", "other/e.txt": "other\n" });
  const before = filesOf(repository);
  const seen = await observe(repository, () => {
    repository.remove("f");
    symlinkSync(join(repository.root, "other"), join(repository.root, "f"));
  });
  await restore(seen, ["f", "f/e.txt"]);
  expect(filesOf(repository)).toEqual(before);
});

test("where git cannot write, because a link leads to itself, nothing is written", async () => {
  const repository = committed({ "a.txt": "a\n", "d/e.txt": "e\n" });
  const seen = await observe(repository, () => {
    repository.write("a.txt", "Codex\n");
    repository.remove("d");
    symlinkSync("d", join(repository.root, "d"));
  });
  await expect(restore(seen, ["a.txt", "d", "d/e.txt"])).rejects.toThrow("the patch could not be applied");
  expect(readFileSync(join(repository.root, "a.txt"), "utf8")).toBe("Codex\n");
});

test("nothing is written when the disk is no longer as it was looked at", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  const seen = await observe(repository, () => {
    repository.write("a.txt", "Codex\n");
    repository.write("b.txt", "Codex\n");
  });
  repository.write("b.txt", "the user, later\n");
  const files = filesOf(repository);
  await expect(restore(seen, ["a.txt", "b.txt"])).rejects.toThrow("the patch could not be applied");
  expect(filesOf(repository)).toEqual(files);
});

test("what lies in the way of a file that was there before is not overwritten", async () => {
  const repository = committed({ "a.txt": "a\n", kind: "k\n", ".gitignore": "*.log\n" });
  const seen = await observe(repository, () => {
    repository.remove("a.txt");
    mkdirSync(join(repository.root, "a.txt"));
    repository.write("a.txt/own.log", "ignored\n");
    repository.remove("kind");
    repository.write("kind/new.txt", "n\n");
  });
  await expect(restore(seen, ["a.txt"])).rejects.toThrow('others are in the way: "a.txt"');
  // The folder that took the file's place is not to be undone.
  await expect(restore(seen, ["kind"])).rejects.toThrow('others are in the way: "kind/new.txt"');
  expect(readFileSync(join(repository.root, "a.txt/own.log"), "utf8")).toBe("ignored\n");
  expect(readFileSync(join(repository.root, "kind/new.txt"), "utf8")).toBe("n\n");
});

async function restore(seen: Observed, paths: readonly string[]): Promise<{ undone: RestoredFiles; patch: string }> {
  const patch = join(scratchFolder("patches"), "undone.patch");
  const { tree, folder, before, after } = seen;
  const files = seen.files.filter(({ path }) => paths.includes(path));
  const undo = { tree, folder, filters: after.filters, before: before.tree, after: after.tree, files };
  return { undone: await restoreFiles(undo, patch), patch };
}
