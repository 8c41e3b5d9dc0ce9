import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execaSync } from "execa";
import { afterEach, expect, test, vi } from "vitest";
import { GitError, runGit, together } from "../../../src/workspace/git/git.ts";
import { gitProcess } from "../../../src/workspace/git/one-process.ts";
import { compareSnapshots } from "../../../src/workspace/snapshot/compare.ts";
import { locateTree } from "../../../src/workspace/snapshot/locate-tree.ts";
import { takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { committed, scratchFolder, workTreeOf } from "../../support/git/repository.ts";

afterEach(() => vi.unstubAllEnvs());

test("an abort ends the git processes at once and rejects with its reason", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const tree = await workTreeOf(repository.root);
  const calls = watchGit();
  execaSync("mkfifo", [join(repository.root, ".gitignore")]); // git waits for somebody to write into it
  const controller = new AbortController();
  const folder = scratchFolder();
  const snapshot = takeSnapshot(tree, folder, controller.signal);
  const caught = snapshot.catch((error: unknown) => error);
  await vi.waitUntil(() => calls().some(({ command }) => command.includes("status")), { timeout: 10_000 });
  controller.abort(new Error("enough"));
  expect(await caught).toEqual(new Error("enough"));
  expect(calls().filter(({ pid }) => isAlive(pid))).toEqual([]);
  expect(existsSync(join(folder, "index.lock"))).toBe(false);
});

test("an abort ends a git that ignores it", async () => {
  const calls = watchGit("trap '' TERM; echo ready >&2; while :; do sleep 0.01; done");
  const running = runGit(["status"], { cwd: scratchFolder(), signal: AbortSignal.timeout(300) });
  await expect(running).rejects.toThrow("timeout");
  expect(calls().filter(({ pid }) => isAlive(pid))).toEqual([]);
});

test("a git that goes on beyond its time or its room is ended, and the reason named", async () => {
  const calls = watchGit("while :; do echo 0123456789; done");
  const options = { args: ["status"], cwd: scratchFolder(), env: {} };
  const limits = { timeMs: 60_000, output: 100, graceMs: 200 };
  const full = await gitProcess({ ...options, limits });
  expect(full).toMatchObject({ endedFor: "output", exitCode: null });
  const late = await gitProcess({ ...options, limits: { ...limits, timeMs: 100, output: 1e9 } });
  expect(late).toMatchObject({ endedFor: "time", exitCode: null });
  expect(late.stdout.toString()).toMatch(/^0123456789\n/);
  expect(calls().filter(({ pid }) => isAlive(pid))).toEqual([]);
});

test("who else holds a pipe of git is waited for no longer than git's time", async () => {
  watchGit("sleep 60 & echo $!");
  const limits = { timeMs: 300, output: 100, graceMs: 200 };
  const ending = await gitProcess({ args: ["status"], cwd: scratchFolder(), env: {}, limits });
  expect(ending).toMatchObject({ endedFor: "time", signal: null });
  process.kill(Number(ending.stdout.toString()));
});

test("a git that cannot be tried is a failure like any other", async () => {
  const error: unknown = await runGit(["status", "a\0b"], { cwd: scratchFolder() }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GitError);
});

test("input that git does not read to its end is not a failure of its own", async () => {
  watchGit("exit 0");
  const input = Buffer.alloc(5_000_000, "a");
  expect(await runGit(["status"], { cwd: scratchFolder(), input })).toBe("");
});

test("an abort beforehand starts nothing", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const tree = await workTreeOf(repository.root);
  const calls = watchGit();
  const taking = takeSnapshot(tree, scratchFolder(), AbortSignal.abort(new Error("too late")));
  await expect(taking).rejects.toThrow("too late");
  expect(calls()).toEqual([]);
});

test("git has no stdin, no prompt and no network", async () => {
  watchGit('[ "$(readlink /proc/self/fd/0 || echo /dev/null)" = /dev/null ] && env');
  const output = await runGit(["status"], { cwd: scratchFolder() });
  expect(output).toContain("GIT_TERMINAL_PROMPT=0\n");
  expect(output).toContain("GIT_OPTIONAL_LOCKS=0\n");
  expect(output).toContain("GIT_ALLOW_PROTOCOL=none\n");
});

test("every variable that git itself calls local is removed", async () => {
  const names = execaSync("git", ["rev-parse", "--local-env-vars"]).stdout.split("\n");
  const kept = ["GIT_CONFIG_COUNT"]; // the user's settings, safe.directory among them
  for (const name of names) vi.stubEnv(name, "leaked");
  watchGit("env");
  const output = await runGit(["status"], { cwd: scratchFolder() });
  expect(output.match(/^\w+(?==leaked$)/gm)).toEqual(kept);
});

test("a failure carries the first complaint, the exit code and git's whole stderr", async () => {
  watchGit("printf 'warning: never mind\\nerror: caf\\303\\251\\nfatal: all is lost\\n' >&2; exit 3");
  const error: unknown = await runGit(["status"], { cwd: scratchFolder() }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GitError);
  expect(error).toMatchObject({ message: "git status: error: café", exitCode: 3 });
  expect((error as GitError).stderr).toContain("fatal: all is lost");
});

test("a git that is not there and a folder that is not there are told apart", async () => {
  const absent = join(scratchFolder(), "absent");
  await expect(runGit(["status"], { cwd: absent })).rejects.toThrow(`there is no such folder: ${absent}`);
  vi.stubEnv("PATH", scratchFolder());
  const noGit = expect.objectContaining({ kind: "usage", message: "there is no git program on PATH" });
  await expect(runGit(["status"], { cwd: scratchFolder() })).rejects.toEqual(noGit);
});

test("a failure waits for the processes beside it", async () => {
  let finished = false;
  const slow = sleep(30).then(() => {
    finished = true;
  });
  await expect(together([Promise.reject(new Error("first")), slow])).rejects.toThrow("first");
  expect(finished).toBe(true);
});

test("a quiet run costs six git processes", async () => {
  const { root } = committed({ "a.txt": "a\n" });
  const folder = scratchFolder();
  const calls = watchGit();
  const { tree, read } = await locateTree(root);
  if (tree === undefined) throw new Error("no work tree");
  const before = await takeSnapshot(tree, folder, undefined, read ?? undefined);
  const { files } = await compareSnapshots({ tree, folder }, before, await takeSnapshot(tree, folder));
  expect(files).toEqual([]);
  const count = (name: string) => calls().filter(({ command }) => command.includes(name)).length;
  const names = ["rev-parse", "config", "for-each-ref", "status", "ls-files", "write-tree"];
  expect(names.map((name) => [name, count(name)])).toEqual([
    ["rev-parse", 0],
    ["config", 2],
    ["for-each-ref", 2],
    ["status", 2],
    ["ls-files", 0],
    // HEAD's own tree is named by the commit: nothing differs from it.
    ["write-tree", 0],
  ]);
  expect(calls()).toHaveLength(6);
});

test("a snapshot that failed half-way does not mislead the next one", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const tree = await workTreeOf(repository.root);
  const folder = scratchFolder();
  const before = await takeSnapshot(tree, folder);
  repository.write("a.txt", "b\n");
  watchGit('case "$*" in *cat-file*) exit 1;; esac; exec "$REAL" "$@"');
  await expect(takeSnapshot(tree, folder)).rejects.toThrow("git cat-file");
  vi.unstubAllEnvs();
  const after = await takeSnapshot(tree, folder);
  expect((await compareSnapshots({ tree, folder }, before, after)).files).toMatchObject([{ path: "a.txt" }]);
});

test("a commit that is made while a snapshot looks is not mixed with the one before", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  const tree = await workTreeOf(repository.root);
  repository.write("a.txt", "a\na\n");
  repository.write("b.txt", "b\nb\n");
  const commits = '"$REAL" commit --quiet --message=beside a.txt';
  watchGit(`case "$*" in *cat-file*) [ -e .git/done ] || { touch .git/done; ${commits}; };; esac; exec "$REAL" "$@"`);
  const { head, dirty } = await takeSnapshot(tree, scratchFolder());
  vi.unstubAllEnvs();
  expect([head, dirty]).toEqual([repository.git("rev-parse", "HEAD"), ["b.txt"]]);
});

interface Call {
  readonly pid: number;
  readonly command: readonly string[];
}

/** Puts a git on the PATH that notes each call, then does what the script says, by default the real thing. */
function watchGit(script?: string): () => Call[] {
  const folder = scratchFolder();
  const log = join(folder, "calls");
  const real = execaSync("sh", ["-c", "command -v git"]).stdout;
  const body = script ?? 'exec "$REAL" "$@"';
  vi.stubEnv("REAL", real);
  writeFileSync(join(folder, "git"), `#!/bin/sh\necho "$$ $*" >> "${log}"\n${body}\n`);
  chmodSync(join(folder, "git"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
  return () =>
    existsSync(log)
      ? readFileSync(log, "utf8")
          .trim()
          .split("\n")
          .map((line) => line.split(" "))
          .map(([pid, ...command]) => ({ pid: Number(pid), command }))
      : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a configuration that git cannot read is the user's to correct", async () => {
  const { root } = committed({ "a.txt": "a\n" });
  writeFileSync(join(root, ".git", "config"), "no configuration\n");
  const error: unknown = await runGit(["status"], { cwd: root }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: "usage", hint: expect.stringContaining("Correct the git configuration") });
});

test.each([
  "fatal: sha1 file '/x/index.lock' write error. Out of diskspace",
  "error: unable to write file a.txt\nfatal: write error: No space left on device",
  "fatal: cannot create file: Disk quota exceeded",
])("a disk that is full is the machine's, in git's own words: %s", async (words) => {
  watchGit(`printf '%s\\n' "${words}" >&2; exit 128`);
  const error: unknown = await runGit(["write-tree"], { cwd: scratchFolder() }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: "system", hint: expect.stringContaining("Make room on the disk") });
});
