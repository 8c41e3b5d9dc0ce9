import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { type CommitRequest, commitFiles } from "../../../src/workspace/commit/files.ts";
import { readHead } from "../../../src/workspace/git/read-head.ts";
import { takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { GIT_ENV } from "../../support/git/git.ts";
import {
  committed,
  emptyRepository,
  type Repository,
  repositoryAt,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";

const ENV = { ...GIT_ENV, PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" };

/** What a look at the work tree, as it is now, came to. Nothing of it differed from HEAD before the work. */
async function look(repository: Repository) {
  const tree = await workTreeOf(repository.root);
  const [snapshots, head] = [scratchFolder(), await readHead(tree)];
  const before = repository.git("rev-parse", head.commit === null ? EMPTY_TREE : "HEAD^{tree}").trim();
  const { tree: after } = await takeSnapshot(tree, snapshots);
  return { before, after, snapshots, head };
}

type Special = Partial<Omit<CommitRequest, "paths">>;

async function commit(repository: Repository, paths: readonly string[], special: Special = {}) {
  const [tree, folder] = [await workTreeOf(repository.root), scratchFolder()];
  const { signal } = new AbortController();
  const looked = special.after === undefined ? await look(repository) : {};
  return commitFiles(tree, {
    message: "Do it",
    env: ENV,
    folder,
    signal,
    ...looked,
    ...special,
    paths,
  } as CommitRequest);
}

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

function hook(repository: Repository, name: string, script: string): void {
  repository.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(repository.root, ".git/hooks", name), 0o755);
}

/** All that must be the same after a commit that was not made: the index to the byte, refs, and no lock left. */
function untouched({ root, git }: Repository) {
  const folder = git("rev-parse", "--absolute-git-dir").trim();
  const index = existsSync(join(folder, "index")) ? readFileSync(join(folder, "index")).toString("hex") : "none";
  const locks = readdirSync(join(root, ".git"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /lock|next-index/.test(name),
  );
  return { index, refs: git("for-each-ref"), locks };
}

const status = ({ git }: Repository) => git("status", "--porcelain");

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
  const made = await commit(repository, ["changed.txt", "new file.txt", "gone.txt", "old.txt", "now.txt"], {
    message: "Say\n\n# why\n",
  });
  expect(made).toEqual({
    type: "made",
    id: repository.git("rev-parse", "HEAD").trim(),
    files: ["changed.txt", "gone.txt", "new file.txt", "now.txt", "old.txt"],
    unjudged: [],
    stale: null,
  });
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

test.each([
  ["a merge", ["merge", "--quiet", "--no-ff", "--no-commit", "side"]],
  ["a cherry-pick", ["cherry-pick", "conflict"]],
  ["a revert", ["revert", "--no-commit", "HEAD"]],
  ["a rebase", ["rebase", "--quiet", "conflict"]],
] as const)("%s that is under way is neither ended nor cut short", async (name, command) => {
  const repository = committed({ "a.txt": "1\n", "b.txt": "1\n" });
  const { git } = repository;
  for (const branch of ["side", "conflict"]) {
    git("checkout", "--quiet", "-b", branch, "main");
    repository.write(branch === "side" ? "side.txt" : "b.txt", `${branch}\n`);
    git("add", "--all");
    git("commit", "--quiet", `--message=${branch}`);
  }
  git("checkout", "--quiet", "main");
  repository.write("b.txt", "main\n");
  git("commit", "--quiet", "--all", "--message=main");
  try {
    git(...command);
  } catch {
    // The conflict that it is about.
  }
  repository.write("a.txt", "2\n");
  const before = untouched(repository);
  expect(await commit(repository, ["a.txt"])).toMatchObject({ type: "failed", reason: expect.stringContaining(name) });
  expect(untouched(repository)).toEqual(before);
});

test.each([
  ["edited", (repository: Repository) => repository.write("a.txt", "mine\n")],
  ["removed", (repository: Repository) => repository.remove("a.txt")],
  ["made executable", ({ root }: Repository) => chmodSync(join(root, "a.txt"), 0o755)],
  ["made again", (repository: Repository) => repository.write("gone.txt", "mine\n")],
] as const)("a file that was %s after the look is not committed, and is named", async (how, edit) => {
  const repository = committed({ "a.txt": "1\n", "b.txt": "1\n", "gone.txt": "1\n" });
  for (const path of ["a.txt", "b.txt"]) repository.write(path, "2\n");
  repository.remove("gone.txt");
  const looked = await look(repository);
  edit(repository);
  const before = untouched(repository);
  const name = how === "made again" ? "gone.txt" : "a.txt";
  const reason = expect.stringMatching(new RegExp(`: ${name}$`));
  expect(await commit(repository, ["a.txt", "b.txt", "gone.txt"], looked)).toEqual({ type: "skipped", reason });
  expect(untouched(repository)).toEqual(before);
});

test.each([
  ["another commit", ["commit", "--quiet", "--allow-empty", "--message=mine"]],
  ["another branch", ["checkout", "--quiet", "-b", "mine"]],
] as const)("nothing is committed upon %s than the work was looked at on", async (_, command) => {
  const repository = committed({ "a.txt": "1\n" });
  repository.write("a.txt", "2\n");
  const looked = await look(repository);
  repository.git(...command);
  const before = untouched(repository);
  expect(await commit(repository, ["a.txt"], looked)).toMatchObject({
    type: "skipped",
    reason: expect.stringContaining("HEAD"),
  });
  expect(untouched(repository)).toEqual(before);
});

test("an index that another git has, or left locked, fails the commit; the lock stays", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.write("a.txt", "2\n");
  repository.write("new.txt", "1\n");
  const looked = await look(repository);
  repository.write(".git/index.lock", "");
  const before = untouched(repository);
  expect(await commit(repository, ["a.txt", "new.txt"], looked)).toMatchObject({
    type: "failed",
    reason: expect.stringContaining("index.lock"),
  });
  expect(untouched(repository)).toEqual(before);
});

test("a commit that is made while another git takes the index says so", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.write("a.txt", "2\n");
  hook(repository, "post-commit", "touch .git/index.lock");
  const made = await commit(repository, ["a.txt"]);
  expect(made).toMatchObject({ type: "made", files: ["a.txt"], stale: expect.stringContaining("index.lock") });
});

test("a run that is ended in a hook leaves no commit, no lock and the index as it was", async () => {
  const repository = committed({ "a.txt": "1\n" });
  hook(repository, "pre-commit", "touch .git/hook-started; exec sleep 600.21");
  repository.write("a.txt", "2\n");
  repository.write("new.txt", "1\n");
  const looked = await look(repository);
  const before = untouched(repository);
  const controller = new AbortController();
  const watching = watch(join(repository.root, ".git"), (_, name) => {
    if (name === "hook-started") controller.abort("SIGTERM");
  });
  const ended = await commit(repository, ["a.txt", "new.txt"], { ...looked, signal: controller.signal });
  watching.close();
  expect(ended).toEqual({ type: "failed", reason: expect.stringContaining("SIGTERM") });
  expect(untouched(repository)).toEqual(before);
  expect(status(repository)).toBe(" M a.txt\n?? new.txt");
});

test("a run that was ended before leaves everything as it was", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.write("a.txt", "2\n");
  const looked = await look(repository);
  const before = untouched(repository);
  const signal = AbortSignal.abort("SIGINT");
  expect(await commit(repository, ["a.txt"], { ...looked, signal })).toMatchObject({
    type: "failed",
    reason: expect.stringContaining("SIGINT"),
  });
  expect(untouched(repository)).toEqual(before);
});

test.each([
  ["a file that became a folder", "a/in.txt", (at: string) => mkdirSync(at)],
  ["a file that became a link", null, (at: string) => symlinkSync("b/c.txt", at)],
] as const)("%s is committed", async (_, file, edit) => {
  const repository = committed({ a: "1\n", "b/c.txt": "1\n" });
  repository.remove("a");
  edit(join(repository.root, "a"));
  if (file !== null) repository.write(file, "1\n");
  const { lines, files } = await changed(repository);
  expect(await commit(repository, files)).toMatchObject({ type: "made", files });
  expect(namesIn(repository)).toEqual(lines);
  expect(status(repository)).toBe("");
});

test.each([
  ["a file", (at: string) => writeFileSync(at, "1\n")],
  ["a link", (at: string) => symlinkSync("b", at)],
] as const)("a folder that became %s is committed", async (_, edit) => {
  const repository = committed({ "a/x/y.txt": "1\n", "b/x/y.txt": "1\n" });
  repository.remove("a");
  edit(join(repository.root, "a"));
  const { lines, files } = await changed(repository);
  expect(await commit(repository, files)).toMatchObject({ type: "made", files });
  expect(namesIn(repository)).toEqual(lines);
  expect(status(repository)).toBe("");
});

/** All that differs from HEAD: `<status> TAB <path>`, and the paths. */
async function changed({ git, root }: Repository) {
  const env = { ...process.env, GIT_INDEX_FILE: join(scratchFolder(), "index") };
  const inOther = (...command: string[]) => execaSync("git", command, { cwd: root, env }).stdout;
  inOther("read-tree", "HEAD");
  inOther("add", "--all");
  const lines = inOther("diff", "--cached", "--name-status", "--no-renames").split("\n");
  git("status");
  return { lines, files: lines.map((line) => line.slice(2)) };
}

test("what a hook adds or changes is in the commit and told; the user's index has it, and what they had staged", async () => {
  const repository = committed({ "a.txt": "1\n", "mine.txt": "1\n", "version.txt": "1\n" });
  repository.write("mine.txt", "staged\n");
  repository.write("version.txt", "staged\n");
  repository.git("add", "mine.txt", "version.txt");
  repository.write("a.txt", "2\n");
  const add = "echo // formatted >> a.txt; echo 1 > made.txt; echo hook > version.txt; git add '*.txt'";
  hook(repository, "pre-commit", `git diff --cached --name-only > .git/seen; ${add}; git reset --quiet mine.txt`);
  const made = await commit(repository, ["a.txt"]);
  expect(readFileSync(join(repository.root, ".git/seen"), "utf8")).toBe("a.txt\n");
  expect(made).toMatchObject({
    type: "made",
    files: ["a.txt", "made.txt", "version.txt"],
    unjudged: ["a.txt", "made.txt", "version.txt"],
    stale: null,
  });
  expect(repository.git("show", "HEAD:a.txt")).toBe("2\n// formatted");
  expect(status(repository)).toBe("M  mine.txt\nMM version.txt");
  expect(repository.git("show", ":version.txt")).toBe("staged");
});

test("a hook that adds and then refuses leaves the index as it was", async () => {
  const repository = committed({ "a.txt": "1\n" });
  hook(repository, "pre-commit", "git add --all; exit 1");
  repository.write("a.txt", "2\n");
  repository.write("new.txt", "1\n");
  const looked = await look(repository);
  const before = untouched(repository);
  expect(await commit(repository, ["a.txt"], looked)).toMatchObject({ type: "failed" });
  expect(untouched(repository)).toEqual(before);
});

test("a commit that a hook makes after ours is not taken for it", async () => {
  const repository = committed({ "a.txt": "1\n" });
  const more = 'test -e .git/once || { touch .git/once; git commit --quiet --allow-empty --message="more"; }';
  hook(repository, "post-commit", more);
  repository.write("a.txt", "2\n");
  const made = await commit(repository, ["a.txt"]);
  expect(made).toMatchObject({ type: "made", id: repository.git("rev-parse", "HEAD~1").trim(), files: ["a.txt"] });
});

test("file names that are not UTF-8 are committed", async () => {
  const repository = committed({ "a.txt": "1\n" });
  writeFileSync(Buffer.concat([Buffer.from(`${repository.root}/caf`), Buffer.from([0xe9])]), "1\n");
  repository.write("a.txt", "2\n");
  expect(await commit(repository, ["a.txt", "caf\ufffd"])).toMatchObject({
    type: "made",
    files: ["a.txt", "caf\ufffd"],
  });
  expect(repository.git("ls-tree", "--name-only", "HEAD")).toBe('a.txt\n"caf\\351"');
  expect(status(repository)).toBe("");
});

test("a user without a name is told that they have none", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.git("config", "--unset", "user.name");
  repository.git("config", "--unset", "user.email");
  repository.git("config", "user.useConfigOnly", "true");
  repository.write("a.txt", "2\n");
  const { PATH, GIT_CONFIG_GLOBAL, GIT_CONFIG_NOSYSTEM } = ENV;
  const made = await commit(repository, ["a.txt"], {
    env: { PATH, GIT_CONFIG_GLOBAL, GIT_CONFIG_NOSYSTEM, HOME: "/nonexistent" },
  });
  expect(made).toMatchObject({
    type: "failed",
    reason: expect.stringMatching(/^git does not know who commits.*user\.name/),
  });
});

test("files that the index hides are committed all the same", async () => {
  const repository = committed({ "assumed.txt": "1\n", "away.txt": "1\n", "skipped.txt": "1\n" });
  // For a hook it is hidden as well.
  repository.git("update-index", "--skip-worktree", "away.txt");
  repository.remove("away.txt");
  hook(repository, "pre-commit", "git add --all");
  repository.git("update-index", "--assume-unchanged", "assumed.txt");
  repository.git("update-index", "--skip-worktree", "skipped.txt");
  for (const path of ["assumed.txt", "skipped.txt"]) repository.write(path, "2\n");
  expect(await commit(repository, ["assumed.txt", "skipped.txt"])).toMatchObject({ type: "made" });
  expect(repository.git("diff", "--stat", "HEAD")).toBe("");
  expect(namesIn(repository)).toEqual(["M\tassumed.txt", "M\tskipped.txt"]);
});

test("an edit of the same second and size as a hidden file's is committed", async () => {
  const repository = committed({ "assumed.txt": "1\n", "skipped.txt": "1\n" });
  // Git as most have it compares whole seconds. The time of the last change to a file's status cannot be set: it does not count here.
  repository.git("config", "core.trustctime", "false");
  const second = new Date(1_700_000_000_000);
  const date = (path: string) => utimesSync(join(repository.root, path), second, second);
  for (const path of ["assumed.txt", "skipped.txt"]) date(path);
  repository.git("update-index", "--refresh");
  repository.git("update-index", "--assume-unchanged", "assumed.txt");
  repository.git("update-index", "--skip-worktree", "skipped.txt");
  date(".git/index");
  for (const path of ["assumed.txt", "skipped.txt"]) {
    repository.write(path, "2\n");
    date(path);
  }
  expect(await commit(repository, ["assumed.txt", "skipped.txt"])).toMatchObject({ type: "made" });
  expect(namesIn(repository)).toEqual(["M\tassumed.txt", "M\tskipped.txt"]);
});

test("a commit that a hook takes a judged file out of is not reported as made", async () => {
  const repository = committed({ "a.txt": "1\n", "b.txt": "1\n" });
  hook(repository, "pre-commit", "git reset --quiet HEAD b.txt");
  for (const path of ["a.txt", "b.txt"]) repository.write(path, "2\n");
  const ended = await commit(repository, ["a.txt", "b.txt"]);
  expect(ended).toMatchObject({ type: "failed", reason: expect.stringContaining("lacks what was judged of b.txt") });
});

test("a filter of the user's works for the commit; a filtered file is compared as well", async () => {
  const repository = committed({ "a.dat": "up\n", ".gitattributes": "*.dat filter=up\n" });
  repository.git("config", "filter.up.clean", "tr a-z A-Z");
  repository.write("a.dat", "more\n");
  const looked = await look(repository);
  expect(await commit(repository, ["a.dat"], looked)).toMatchObject({ type: "made", unjudged: [] });
  expect(repository.git("show", "HEAD:a.dat")).toBe("MORE");
  expect(status(repository)).toBe("");
  repository.write("a.dat", "again\n");
  const again = await look(repository);
  repository.write("a.dat", "mine\n");
  const reason = expect.stringContaining("a.dat");
  expect(await commit(repository, ["a.dat"], again)).toMatchObject({ type: "skipped", reason });
});

test("a linked work tree, a detached HEAD, a split index, modes and links", async () => {
  const main = committed({ "a.txt": "1\n", "run.sh": "1\n", link: "1\n", "other.txt": "1\n" });
  const root = join(scratchFolder(), "linked");
  main.git("worktree", "add", "--quiet", "--detach", root);
  const repository = repositoryAt(root);
  repository.git("config", "core.splitIndex", "true");
  repository.git("update-index", "--split-index");
  repository.write("other.txt", "staged\n");
  repository.git("add", "other.txt");
  repository.write("a.txt", "2\n");
  chmodSync(join(root, "run.sh"), 0o755);
  rmSync(join(root, "link"));
  symlinkSync("a.txt", join(root, "link"));
  const made = await commit(repository, ["a.txt", "run.sh", "link"]);
  expect(made).toMatchObject({ type: "made", id: repository.git("rev-parse", "HEAD").trim() });
  expect(repository.git("ls-tree", "HEAD").replace(/ \w+ \w+\t/g, " ")).toBe(
    "100644 a.txt\n120000 link\n100644 other.txt\n100755 run.sh",
  );
  expect(status(repository)).toBe("M  other.txt");
  expect(main.git("log", "--format=%s")).toBe("first");
  expect(status(main)).toBe("");
});

test.each(["--no-sparse-index", "--sparse-index"])(
  "a sparse checkout (%s) keeps its files away, and in the commit",
  async (form) => {
    const repository = committed({ "in/a.txt": "1\n", "out/b.txt": "1\n" });
    repository.git("sparse-checkout", "set", form, "in");
    // For a hook as well the others are away, not gone.
    hook(repository, "pre-commit", "git add --all");
    repository.write("in/a.txt", "2\n");
    expect(await commit(repository, ["in/a.txt"])).toMatchObject({ type: "made", files: ["in/a.txt"] });
    expect(repository.git("ls-files", "-v")).toBe("H in/a.txt\nS out/b.txt");
    expect(existsSync(join(repository.root, "out"))).toBe(false);
    expect(status(repository)).toBe("");
  },
);

test("a SHA-256 repository", async () => {
  const repository = emptyRepository(undefined, "--object-format=sha256");
  for (const path of ["a.txt", "gone.txt"]) repository.write(path, "1\n");
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message=first");
  repository.write("a.txt", "2\n");
  repository.remove("gone.txt");
  expect(await commit(repository, ["a.txt", "gone.txt"])).toMatchObject({ type: "made", files: ["a.txt", "gone.txt"] });
  expect(status(repository)).toBe("");
});

test("a submodule that is at another commit, and a repository that is new", async () => {
  const inner = committed({ "in.txt": "1\n" });
  const repository = committed({ "a.txt": "1\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root, "sub");
  repository.git("commit", "--quiet", "--message=sub");
  const sub = repositoryAt(join(repository.root, "sub"));
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  sub.git(...who, "commit", "--quiet", "--allow-empty", "--message=on");
  expect(await commit(repository, ["sub"])).toMatchObject({ type: "made", files: ["sub"] });
  expect(repository.git("rev-parse", "HEAD:sub")).toBe(sub.git("rev-parse", "HEAD"));
  renameSync(committed({ "new.txt": "1\n" }).root, join(repository.root, "new"));
  expect(await commit(repository, ["new"])).toMatchObject({ type: "made", files: ["new"] });
  expect(status(repository)).toBe("");
});

test("what is too big to be looked at closely is committed", async () => {
  const repository = committed({ "a.txt": "1\n" });
  repository.write("big.bin", new Uint8Array(11_000_000));
  expect(await commit(repository, ["big.bin"])).toMatchObject({ type: "made", files: ["big.bin"] });
});

test("work that is none for git fails the commit", async () => {
  const repository = committed({ "a.txt": "1\n" });
  expect(await commit(repository, [])).toMatchObject({ type: "failed", reason: expect.stringContaining("HEAD") });
});
