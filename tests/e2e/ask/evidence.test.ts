import { mkdir, open, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Asked, ask } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { listing } from "../../support/listing.ts";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest, Script } from "../../support/model/server.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

const FULL_ACCESS = ["--sandbox", "danger-full-access"];

/** Codex runs the commands, one after the other, and says that it is done. */
function does(...commands: readonly string[]): Script {
  return [...commands.map((command) => run(command)), say("Done.")];
}

/** Runs a task with `--json`, and picks what the result says of the work tree. */
async function changesOf(world: World, task = "task", ...flags: readonly string[]) {
  const asked = await ask(world, ["--json", ...flags, task]);
  return { ...asked, tree: (asked.json as unknown as { work_tree: Record<string, unknown> }).work_tree };
}

test("files added, changed and deleted are listed with their lines, by us", async () => {
  await using world = await createWorld({
    files: { "a.txt": "1\n2\n3\n", "b/c.txt": "x\n", "same.txt": "same\n", "logo.bin": new Uint8Array([0, 1, 2]) },
    script: does(
      "printf '1\\ntwo\\n3\\n4\\n' > a.txt && rm b/c.txt && mkdir -p d && printf 'n\\n' > 'd/neu ü.txt'",
      "printf '\\0\\1' > logo.bin && touch same.txt",
    ),
  });
  const { json, report } = await changesOf(world);
  expect(json?.changes).toEqual([
    { path: "a.txt", kind: "changed", added: 2, removed: 1 },
    { path: "b/c.txt", kind: "deleted", added: 0, removed: 1 },
    { path: "d/neu ü.txt", kind: "added", added: 1, removed: 0 },
    { path: "logo.bin", kind: "changed", added: null, removed: null },
  ]);
  for (const { path } of json?.changes ?? []) expect(report).toContain(`\`${path}\``);
});

test("edits made before the run are not credited to it, tracked or not", async () => {
  await using world = await createWorld({
    files: { "dirty.txt": "1\n", "both.txt": "1\n", "gone.txt": "1\n", "staged.txt": "1\n", "clean.txt": "1\n" },
    script: does("echo 3 >> both.txt; echo 2 >> clean.txt; echo 2 >> old-new.txt"),
  });
  const { workspace } = world;
  await writeFile(join(workspace, "dirty.txt"), "1\n2\n");
  await writeFile(join(workspace, "both.txt"), "1\n2\n");
  await writeFile(join(workspace, "staged.txt"), "1\n2\n");
  await git(workspace, "add", "staged.txt");
  await rm(join(workspace, "gone.txt"));
  await writeFile(join(workspace, "untracked.txt"), "mine\n");
  await writeFile(join(workspace, "old-new.txt"), "mine\n");
  const { json, tree } = await changesOf(world);
  expect(json?.changes).toEqual([
    { path: "both.txt", kind: "changed", added: 1, removed: 0 },
    { path: "clean.txt", kind: "changed", added: 1, removed: 0 },
    { path: "old-new.txt", kind: "changed", added: 1, removed: 0 },
  ]);
  expect((tree["dirty_before"] as string[]).toSorted()).toEqual(
    ["both.txt", "dirty.txt", "gone.txt", "old-new.txt", "staged.txt", "untracked.txt"].sort(),
  );
});

test("a commit that Codex made is flagged, and what is in it is listed", async () => {
  await using world = await createWorld({
    script: does("echo x > x.txt && git add . && git commit -qm sneaky && git tag t"),
  });
  const start = await git(world.workspace, "rev-parse", "HEAD");
  const { json, tree, report } = await changesOf(world, "task", ...FULL_ACCESS);
  const now = await git(world.workspace, "rev-parse", "HEAD");
  expect(now).not.toBe(start);
  expect(tree).toMatchObject({ head_moved: { from: start, to: now, from_branch: "main", to_branch: "main" } });
  expect(JSON.stringify(tree["refs_moved"])).toContain("refs/tags/t");
  expect(json?.changes).toEqual([{ path: "x.txt", kind: "added", added: 1, removed: 0 }]);
  expect(report).toContain("HEAD moved");
});

inMatrix(() => {
  test("a branch that was switched without a new commit is flagged as well", async () => {
    await using world = await createWorld({ script: does("git checkout -q -b other") });
    const { json, tree } = await changesOf(world, "task", ...FULL_ACCESS);
    expect(tree["head_moved"]).toMatchObject({ from_branch: "main", to_branch: "other" });
    expect(json?.changes).toEqual([]);
  });

  test("a deleted test is flagged, in the report and in the result", async () => {
    await using world = await createWorld({
      files: { "src/a.ts": "a\n", "src/a.test.ts": "test\n", "old.ts": "b\n" },
      script: does("rm src/a.test.ts old.ts"),
    });
    const { tree, report } = await changesOf(world);
    expect(tree["deleted_tests"]).toEqual(["src/a.test.ts"]);
    expect(report).toContain("Deleted tests: `src/a.test.ts`");
  });

  test("ignored files are left out", async () => {
    await using world = await createWorld({
      files: { ".gitignore": "dist/\n*.log\n" },
      script: does("mkdir -p dist && echo x > dist/a.js && echo x > a.log && echo x > a.txt"),
    });
    const { json } = await changesOf(world);
    expect(json?.changes.map(({ path }) => path)).toEqual(["a.txt"]);
  });

  test("an untracked file of 300 MB costs nothing, and a change of it is seen", async () => {
    const during: number[] = [];
    let measure = () => {};
    const script: Script = (_, index) => {
      measure();
      return index === 0 ? run("echo end >> big.bin") : say("Done.");
    };
    await using world = await createWorld({ script });
    const sizes: Promise<void>[] = [];
    measure = () => sizes.push(sizeOf(world.state).then((size) => void during.push(size)));
    await using file = await open(join(world.workspace, "big.bin"), "w");
    await file.truncate(300_000_000);
    const before = await listing(join(world.workspace, ".git"));
    const { json } = await changesOf(world);
    expect(json?.changes).toEqual([{ path: "big.bin", kind: "changed", added: null, removed: null }]);
    expect(await listing(join(world.workspace, ".git"))).toEqual(before);
    await Promise.all(sizes);
    expect(during.length).toBe(2);
    for (const size of [...during, await sizeOf(world.state)]) expect(size).toBeLessThan(1_000_000);
  });
});

test("a folder without git says so, and the run is a success", async () => {
  await using world = await createWorld({ git: false, script: does("echo x > x.txt") });
  const { json, code, tree, report } = await changesOf(world);
  expect(code).toBe(0);
  expect(json?.changes).toEqual([]);
  expect(tree).toMatchObject({ state: "no_git" });
  expect(report).toContain("not in a git work tree");
});

inMatrix(() => {
  test("a repository without a commit is compared like any other", async () => {
    await using world = await createWorld({ git: false, script: does("echo 2 >> a.txt; echo x > x.txt") });
    await git(world.workspace, "init", "--quiet", "--initial-branch=main");
    await writeFile(join(world.workspace, "a.txt"), "1\n");
    const { json, tree } = await changesOf(world);
    expect(json?.changes).toEqual([
      { path: "a.txt", kind: "changed", added: 1, removed: 0 },
      { path: "x.txt", kind: "added", added: 1, removed: 0 },
    ]);
    expect(tree["head_moved"]).toBeNull();
  });

  test("a workspace that is a folder of a repository is compared as the whole work tree", async () => {
    await using world = await createWorld({
      files: { "pkg/a.txt": "1\n", "other/b.txt": "1\n" },
      script: does("echo 2 >> a.txt; echo 2 >> ../other/b.txt"),
    });
    const { json, tree } = await changesOf(world, "task", ...FULL_ACCESS, "-w", "pkg");
    expect(json?.changes.map(({ path }) => path)).toEqual(["other/b.txt", "pkg/a.txt"]);
    expect(tree["root"]).toBe(world.workspace);
  });
});

test("a read-only run is not a comparison, but a fact of the sandbox", async () => {
  await using world = await createWorld({ script: does("echo x > x.txt") });
  const { json, tree, code } = await changesOf(world, "task", "--read-only");
  expect(code).toBe(0);
  expect(tree).toMatchObject({ state: "read_only" });
  expect(json?.changes).toEqual([]);
  expect(await readdir(world.workspace)).not.toContain("x.txt");
});

test("the repository, its index, its objects and its stash are as they were, and no snapshot stays behind", async () => {
  await using world = await createWorld({ files: { "a.txt": "1\n" }, script: does("echo 3 >> a.txt; echo x > x.txt") });
  const { workspace } = world;
  await writeFile(join(workspace, "a.txt"), "stashed\n");
  await git(workspace, "stash");
  await writeFile(join(workspace, "a.txt"), "1\n2\n");
  await git(workspace, "add", "a.txt");
  await writeFile(join(workspace, "new.txt"), "untracked\n");
  const before = await listing(join(workspace, ".git"));
  const { json } = await changesOf(world);
  expect(json?.status).toBe("completed");
  expect(await listing(join(workspace, ".git"))).toEqual(before);
  const [id = ""] = await readdir(join(world.state, "runs"));
  expect(await readdir(join(world.state, "runs", id))).not.toContain("snapshot");
});

test("two runs that work in one tree at the same time name each other, and then nothing is left of it", async () => {
  // Each makes its file and waits for the other's, so both are there at once.
  const script: Script = (request) => {
    if (answered(request)) return say("Done.");
    const [own, other] = taskOf(request) === "one" ? ["one", "two"] : ["two", "one"];
    return run(`touch ${own}.txt; until [ -e ${other}.txt ]; do sleep 0.05; done`);
  };
  await using world = await createWorld({ script });
  const [one, two] = await Promise.all([changesOf(world, "one"), changesOf(world, "two")]);
  expect([one, two].map(({ tree }) => tree["also_running"])).toEqual([[idOf(two)], [idOf(one)]]);
  expect(one.report).toContain(idOf(two));
  expect(await readdir(join(world.state, "live"))).toEqual([]);
});

inMatrix(() => {
  test("a run after another one does not name it", async () => {
    await using world = await createWorld({ script: () => say("Done.") });
    await ask(world, ["one"]);
    expect((await changesOf(world, "two")).tree["also_running"]).toEqual([]);
  });
});

function taskOf({ body }: ModelRequest): string | undefined {
  return body.input.findLast(({ role }) => role === "user")?.content?.at(-1)?.text;
}

function answered({ body }: ModelRequest): boolean {
  return body.input.some(({ type }) => type === "function_call_output");
}

function idOf({ json }: Asked): string {
  return (json as unknown as { run_id: string }).run_id;
}

/** Bytes of all files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  const sizes = Object.values(await listing(folder)).map((what) => /^10\d+ (\d+) /.exec(what)?.[1] ?? 0);
  return sizes.reduce<number>((sum, size) => sum + Number(size), 0);
}

inMatrix(() => {
  test("what we write ourselves into the work tree is not Codex's doing", async () => {
    await using world = await createWorld({ script: does("echo x > made.txt") });
    const asked = await ask(world, ["--json", "-o", "report.md", "--events", "events.jsonl", "task"]);
    expect(asked.json?.changes.map(({ path }) => path)).toEqual(["made.txt"]);
  });
});

test("without git on PATH a run in a repository says once that its changes are not known", async () => {
  await using world = await createWorld({ script: does() });
  const folder = join(world.home, "no-git");
  await mkdir(folder);
  await symlink(process.execPath, join(folder, "node"));
  const asked = await ask(world, ["task"], { env: { PATH: folder }, node: process.execPath });
  expect(asked).toMatchObject({ code: 0, keys: { changes: "unknown" } });
  expect(asked.stderr.match(/^\[WARNING\] .*$/gm)).toEqual([
    "[WARNING] git was not found on PATH: changes are not known.",
  ]);
});
