import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recoverApart } from "../../../src/broker/command/recover-apart.ts";
import type { RunningDelegation } from "../../../src/orchestrate/queue/task.ts";
import { addWorktree } from "../../../src/workspace/worktree/managed-worktree.ts";
import { committed, scratchFolder, workTreeOf } from "../../support/git/repository.ts";
import { AT } from "../../support/samples/session.ts";

const ID = "20260102-030405-678-0123456789abcdef";

async function killed() {
  const { root, git } = committed({ "a.txt": "a\n" });
  const workspace = join(scratchFolder("worktrees"), ID);
  await addWorktree(await workTreeOf(root), workspace);
  const folder = scratchFolder("delegation");
  const delegation: RunningDelegation = {
    ...{ id: ID, taskId: "t-1", type: "bugfix", executor: "claude", conversation: null, workspace, folder },
    ...{ state: scratchFolder("state"), dirty: {}, startedAt: AT },
  };
  return { root, git, delegation, workspace, patch: join(folder, "work.patch") };
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
  // Asked again, it says the same place.
  expect(await recoverApart(delegation, root)).toEqual({ files: [], notes: expect.stringContaining(`is in ${patch}`) });
});

test("a worktree in which nothing was done leaves nothing", async () => {
  const { root, delegation, workspace, patch } = await killed();
  expect(await recoverApart(delegation, root)).toEqual({ files: [], notes: expect.stringContaining("no file") });
  expect([existsSync(workspace), existsSync(patch)]).toEqual([false, false]);
});
