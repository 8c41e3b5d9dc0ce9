import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { git } from "../../support/git/git.ts";
import { holdTree } from "../../support/git/hold-tree.ts";
import { workTreeOf } from "../../support/git/repository.ts";
import { listing } from "../../support/listing.ts";
import { http, run, say, silence } from "../../support/model/replies.ts";
import { tasksIn, toolOutputs } from "../../support/model/wire.ts";
import { resultsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";
import { untilThere } from "./long-command.ts";

const REFUSED = { code: 1, keys: { status: "failed", error_kind: "session_busy" } };

/** By task, so that several sessions can be served at once. */
function script(request: Parameters<typeof tasksIn>[0]) {
  const task = tasksIn(request).at(-1);
  if (task === "Gate" && toolOutputs(request).length === 0) return untilThere("go");
  return task === "Hang" ? silence() : task === "Fail" ? http(401) : say("Well.");
}

describe("a second session that writes in the same work tree", () => {
  test("is refused while a turn of the first runs, and told which it is; others may begin", async () => {
    await using world = await createWorld({ script });
    await using broker = brokerIn(world);
    await mkdir(join(world.workspace, "inside"));
    const first = await broker.start("Hang");
    await world.model.asked(1);
    const before = await listing(join(world.state, "sessions"));
    const refused = await broker("start", "Begin");
    expect(refused).toMatchObject(REFUSED);
    expect(refused.stderr).toMatch(new RegExp(`^\\[ERROR\\] .*${first} .*--worktree.*--allow-shared-worktree.*\\n$`));
    expect(await broker("start", "-w", "inside", "Begin")).toMatchObject(REFUSED);
    expect(Object.keys(await listing(join(world.state, "sessions")))).toEqual(Object.keys(before));
    for (const flag of ["--read-only", "--allow-shared-worktree", "--worktree"])
      expect(await broker("start", flag, "Begin", "--wait"), flag).toMatchObject({ code: 0 });
    expect(await broker.with({ cwd: world.home }, "start", "Begin", "--wait")).toMatchObject({ code: 0 });
    await broker("stop", first);
    expect(await broker("start", "Begin", "--wait")).toMatchObject({ code: 0 });
  });

  test("is refused while messages of the first wait, and welcome when it only keeps warm", async () => {
    await using world = await createWorld({ script });
    await using broker = brokerIn(world);
    const first = await broker.start("Gate");
    for (const message of ["Fail", "Next"]) await broker("send", first, message);
    await writeFile(join(world.workspace, "go"), "");
    expect(await broker("wait", first)).toMatchObject({ keys: { pending_count: "1", queue_held: "true" } });
    const refused = await broker("start", "Begin");
    expect(refused).toMatchObject(REFUSED);
    expect(refused.stderr).toContain(first);
    await broker("resume", first, "--wait");
    expect((await broker("status", first)).keys).toMatchObject({ worker: "alive", pending_count: "0" });
    expect(await broker("start", "Begin", "--wait")).toMatchObject({ code: 0 });
  });

  inMatrix(() => {
    test("is refused its next message as well, and its resume; what only reads is in nobody's way", async () => {
      await using world = await createWorld({ script });
      await using broker = brokerIn(world);
      const idle = await broker.start("Begin", "--wait");
      const held = await broker.start("Fail");
      await broker("wait", held);
      const reading = await broker.start("--read-only", "Hang");
      await world.model.asked(3);
      expect(await broker("send", idle, "Go on", "--wait")).toMatchObject({ code: 0 });
      const other = await broker.start("Begin", "--wait");
      await broker("send", other, "Hang");
      await world.model.asked(6);
      const refused = await broker("send", idle, "Go on");
      expect(refused).toMatchObject(REFUSED);
      expect(refused.stderr).toContain(other);
      expect((await broker("status", idle)).keys).toMatchObject({ pending_count: "0" });
      expect(await broker("send", held, "Go on")).toMatchObject(REFUSED);
      expect(await broker("send", reading, "--interrupt", "Go on", "--wait")).toMatchObject({ code: 0 });
      const writing = await broker("send", reading, "--full-auto", "Write");
      expect(writing).toMatchObject(REFUSED);
    });

    test("may not begin at the same moment either: of five one begins", async () => {
      await using world = await createWorld({ script });
      await using broker = brokerIn(world);
      const started = await Promise.all(Array.from({ length: 5 }, () => broker("start", "Hang")));
      expect(started.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1, 1]);
    });
  });
});

describe("start --worktree", () => {
  const WRITE = [
    "printf 'one\\ntwo\\n3\\n' > a.txt",
    "printf '\\000\\001' > bin",
    "mkdir -p deep && echo new > 'deep/a file'",
    "rm gone.txt",
  ].join(" && ");
  const FILES = { "a.txt": "one\ntwo\nthree\n", "gone.txt": "x\n", "b.txt": "b\n" };

  test("works in a tree of its own; patch prints what it did, apply brings it home", async () => {
    await using world = await createWorld({ files: FILES, script: [run(WRITE), say("Done."), say("More.")] });
    await using broker = brokerIn(world);
    await writeFile(join(world.workspace, "b.txt"), "staged\n");
    await git(world.workspace, "add", "b.txt");
    await writeFile(join(world.workspace, "b.txt"), "edited\n");
    await writeFile(join(world.workspace, "mine.txt"), "untracked\n");
    const state = async () => [
      await git(world.workspace, "status", "--porcelain"),
      await git(world.workspace, "diff", "--cached"),
      await git(world.workspace, "rev-parse", "HEAD"),
      await git(world.workspace, "for-each-ref"),
    ];
    const before = await state();
    const id = await broker.start("--worktree", "--name", "x", "Begin", "--wait");
    expect(await state()).toEqual(before);
    const { worktree, workspace } = await broker.state(id);
    expect(worktree).toBe(join(broker.folder(id), "worktree"));
    expect(workspace).toBe(worktree);
    const patch = await broker("patch", "@x");
    expect(patch).toMatchObject({ code: 0, stderr: "" });
    for (const line of ["+3", "-three", "deleted file mode", "GIT binary patch", "deep/a file"])
      expect(patch.stdout).toContain(line);
    expect(patch.stdout).not.toMatch(/b\.txt|mine\.txt/);
    const applied = await broker("apply", id);
    expect(applied).toMatchObject({
      code: 0,
      keys: { broker_id: id, applied: "clean", files_changed: "4" },
      stderr: "",
    });
    expect(applied.stdout.match(/^file=.*/gm)?.sort()).toEqual([
      "file=a.txt",
      "file=bin",
      "file=deep/a file",
      "file=gone.txt",
    ]);
    const [status = "", ...rest] = await state();
    expect(rest).toEqual(before.slice(1));
    expect(status.split("\n").sort()).toEqual(
      [" D gone.txt", " M a.txt", "?? bin", "?? deep/", "?? mine.txt", "MM b.txt"].sort(),
    );
    expect(await readFile(join(world.workspace, "a.txt"), "utf8")).toBe("one\ntwo\n3\n");
    expect(await broker("apply", id)).toMatchObject({ code: 0 });
    expect(await state()).toEqual([status, ...rest]);
    expect(await broker("send", id, "Go on", "--wait")).toMatchObject({ code: 0 });
    const [first] = await resultsOf(broker, id);
    expect(first?.receipt["workspace"]).toBe(worktree);
  });

  inMatrix(() => {
    test("apply waits for whoever writes into the tree, and merges with what they wrote", async () => {
      await using world = await createWorld({ files: FILES, script: [run("echo 3 >> a.txt"), say("Done.")] });
      await using broker = brokerIn(world);
      const id = await broker.start("--worktree", "Begin", "--wait");
      const tree = await workTreeOf(world.workspace);
      const other = join(world.workspace, "new.txt");
      const { done } = await holdTree({ tree, state: world.state }, () => writeFile(other, "theirs\n"));
      const [applied] = await Promise.all([broker("apply", id), done]);
      expect(applied).toMatchObject({ code: 0, keys: { applied: "clean", files_changed: "1" } });
      expect(await readFile(other, "utf8")).toBe("theirs\n");
    });
  });

  inMatrix(() => {
    test("apply names what conflicts, and touches nothing; not while Codex is at work either", async () => {
      await using world = await createWorld({ files: FILES, script: [run(WRITE), say("Done."), silence()] });
      await using broker = brokerIn(world);
      const id = await broker.start("--worktree", "Begin", "--wait");
      await writeFile(join(world.workspace, "a.txt"), "one\ntwo\nmine\n");
      await writeFile(join(world.workspace, "bin"), "mine\n");
      const before = await listing(world.workspace);
      const refused = await broker("apply", id);
      expect(refused).toMatchObject({ code: 1, keys: { broker_id: id, applied: "none" } });
      expect(refused.stdout.match(/^conflict=.*/gm)?.sort()).toEqual(["conflict=a.txt", "conflict=bin"]);
      expect(refused.stderr).toMatch(/^\[ERROR\] .*nothing was touched.*\n$/);
      expect(await listing(world.workspace)).toEqual(before);
      await broker("send", id, "Go on");
      await world.model.asked(3);
      const busy = await broker("apply", id);
      expect(busy).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(`codex_broker wait ${id}`) });
      expect((await broker("patch", id)).code).toBe(0);
    });
  });

  inMatrix(() => {
    test("is refused in a folder that is not committed; a session whose folder has gone says that, and not that Codex is missing", async () => {
      await using world = await createWorld({ files: { "a.txt": "a\n" }, script: () => say("Well.") });
      await using broker = brokerIn(world);
      const folder = join(world.workspace, "new", "sub folder");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "b.txt"), "b\n");
      const refused = await broker("start", "--worktree", "-w", folder, "Begin");
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toMatch(/^\[ERROR\] --worktree .* no folder new\/sub folder in it\. Commit /);
      expect((await broker("list", "--all")).stdout).toBe("");
      expect(await git(world.workspace, "worktree", "list")).not.toContain("\n");

      const id = await broker.start("-w", folder, "Begin", "--wait");
      await broker("stop", id);
      await rm(folder, { recursive: true });
      const gone = await broker("send", id, "--wait", "Go on");
      expect(gone.keys).toMatchObject({ last_run_status: "error", error_kind: "system" });
      expect(await readFile(gone.keys["last_output_path"] ?? "", "utf8")).toContain(
        `the folder to work in is gone: ${folder}`,
      );
    });
  });

  inMatrix(() => {
    test("keeps its place inside of the repository; clean keeps a patch that was not taken, and removes the worktree with the rest", async () => {
      const script = [run("echo x > new.txt"), say("Done.")];
      await using world = await createWorld({ files: { "sub/a.txt": "a\n" }, script });
      await using broker = brokerIn(world);
      const started = await broker("start", "--worktree", "-w", "sub", "Begin", "--wait");
      const id = started.keys["broker_id"] ?? "";
      expect((await broker.state(id))["workspace"]).toBe(join(broker.folder(id), "worktree", "sub"));
      await broker("stop", id);
      const kept = await broker("clean", "--older-than", "0m");
      expect(kept.stdout).toMatch(new RegExp(`^kept=${broker.folder(id)} \\(.*apply.*\\)\ncount=0\n$`));
      expect((await broker("apply", id)).keys).toMatchObject({ applied: "clean" });
      expect(await readFile(join(world.workspace, "sub", "new.txt"), "utf8")).toBe("x\n");
      // The session, and what is known of its conversation.
      expect((await broker("clean", "--older-than", "0m")).keys).toMatchObject({ count: "2" });
      expect(await git(world.workspace, "worktree", "list")).not.toContain(id);
    });

    test("needs a repository; and patch and apply need a session that has one", async () => {
      await using world = await createWorld({ git: false, script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin");
      for (const command of ["patch", "apply"]) {
        const refused = await broker(command, id);
        expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("--worktree") });
      }
      const nowhere = await broker("start", "--worktree", "Begin");
      expect(nowhere).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("git work tree") });
      expect((await broker("list")).stdout.trim().split("\n")).toHaveLength(1);
      await broker("wait", id);
    });
  });
});
