import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recoverApart } from "../../../src/broker/command/recover-apart.ts";
import { noteArrival, workPatch } from "../../../src/orchestrate/apart/kept-work.ts";
import type { RunningDelegation } from "../../../src/orchestrate/queue/task.ts";
import { combine } from "../../../src/workspace/worktree/bring-together/combine.ts";
import { commitPresent } from "../../../src/workspace/worktree/bring-together/present-commit.ts";
import { addWorktree } from "../../../src/workspace/worktree/managed-worktree.ts";
import { LINES } from "../../support/git/every-kind.ts";
import { committed, type Repository, scratchFolder, workTreeOf } from "../../support/git/repository.ts";
import { benchOf, resultOf } from "../../support/git/results.ts";
import { AT } from "../../support/samples/session.ts";

const ID = "20260102-030405-678-0123456789abcdef";

async function killed() {
  const { root, git } = committed({ "a.txt": "a\n" });
  const workspace = join(scratchFolder("worktrees"), ID);
  await addWorktree(await workTreeOf(root), workspace);
  const folder = scratchFolder("delegation");
  const delegation = delegationIn(workspace, folder);
  return { root, git, delegation, workspace, patch: join(folder, "work.patch") };
}

function delegationIn(workspace: string, folder: string): RunningDelegation {
  return {
    ...{ id: ID, taskId: "t-1", type: "bugfix", executor: "claude", conversation: null, workspace, folder },
    ...{ state: scratchFolder("state"), startedAt: AT },
  };
}

test("what a delegation did in its worktree until the worker died is a patch, and the worktree is gone", async () => {
  const { root, git, delegation, workspace, patch } = await killed();
  writeFileSync(join(workspace, "a.txt"), "edited\n");
  writeFileSync(join(workspace, "new.txt"), "new\n");
  const recovered = await recoverApart(delegation, root);
  expect([...recovered.files].sort()).toEqual(["a.txt", "new.txt"]);
  expect(recovered.notes).toContain(`is in ${patch}`);
  expect(existsSync(workspace)).toBe(false);
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
  git("apply", patch);
  expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("edited\n");
  // Asked again, it says the same.
  const again = await recoverApart(delegation, root);
  expect(again.notes).toBe(recovered.notes);
  expect([...again.files].sort()).toEqual(["a.txt", "new.txt"]);
});

test("a worktree in which nothing was done leaves nothing", async () => {
  const { root, delegation, workspace, patch } = await killed();
  expect(await recoverApart(delegation, root)).toEqual({ files: [], notes: expect.stringContaining("no file") });
  expect([existsSync(workspace), existsSync(patch)]).toEqual([false, false]);
});

const RESULT = { "a.txt": LINES, "b.txt": "bee\n", "new/c.txt": "sea\n" };

/** A result that was about to be written into the user's tree when the worker died, and how far that came. */
async function arriving(leave: (repository: Repository) => unknown) {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n", "mine.txt": "m\n" });
  const work = await benchOf(repository);
  repository.write("mine.txt", "the user's\n");
  const base = await commitPresent(work, "as it is\n");
  const folder = scratchFolder("delegation");
  const made = await resultOf(repository, work, "t-1", ({ write }) =>
    Object.entries(RESULT).map(([path, text]) => write(path, text)),
  );
  const { commit } = await combine(work, base, [made]);
  await noteArrival(folder, { base, commit });
  writeFileSync(
    workPatch(folder),
    execFileSync("git", ["diff", "--binary", made.base, made.commit], { cwd: repository.root }),
  );
  await leave(repository);
  const { files, notes } = await recoverApart(delegationIn(join(folder, "gone"), folder), repository.root);
  const texts = ["a.txt", "b.txt", "new/c.txt", "mine.txt"].map((path) => {
    const place = join(repository.root, path);
    return existsSync(place) ? readFileSync(place, "utf8") : null;
  });
  return { files: [...files].sort(), notes, texts };
}

const WHOLE = ["a.txt", "b.txt", "new/c.txt"];
const THERE = [LINES, "bee\n", "sea\n", "the user's\n"];

test.each<[string, (repository: Repository) => unknown]>([
  ["one of three files was written", ({ write }) => write("b.txt", "bee\n")],
  ["a file was cut off in the middle", ({ write }) => [write("b.txt", "bee\n"), write("a.txt", LINES.slice(0, 40))]],
  ["a file was removed to be written anew", ({ root }) => rmSync(join(root, "a.txt"))],
  [
    "all was written, and nothing journaled",
    ({ write }) => Object.entries(RESULT).map(([path, text]) => write(path, text)),
  ],
])("a result on its way into the tree when %s is finished", async (_what, leave) => {
  const { files, notes, texts } = await arriving(leave);
  expect({ files, texts }).toEqual({ files: WHOLE, texts: THERE });
  expect(notes).toContain("its result is in the work tree, whole");
});

test("a result of which nothing was written yet is not in the tree, and named", async () => {
  const { files, notes, texts } = await arriving(() => {});
  expect({ files, texts }).toEqual({ files: WHOLE, texts: ["a\n", "b\n", null, "the user's\n"] });
  expect(notes).toContain("not in the work tree");
});

test("a result beside which the user edited one of its files is said file by file, and no more of it is written", async () => {
  const { files, notes, texts } = await arriving(({ write }) => [write("b.txt", "bee\n"), write("a.txt", "another\n")]);
  expect({ files, texts }).toEqual({ files: ["b.txt"], texts: ["another\n", "bee\n", null, "the user's\n"] });
  expect(notes).toContain(
    "Written: b.txt; not written: new/c.txt; edited since, and left alone: a.txt. All of it is in",
  );
});
