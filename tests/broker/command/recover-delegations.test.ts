import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recoverDelegations } from "../../../src/broker/command/recover-delegations.ts";
import { makePrivateFolder } from "../../../src/files/write-whole.ts";
import { keepSnapshot } from "../../../src/workspace/snapshot/kept-snapshot.ts";
import { takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { leading } from "../../support/git/orchestrations.ts";
import { repositoryAt, scratchFolder, workTreeOf } from "../../support/git/repository.ts";

test("what a killed delegation changed in the tree is named against the look from before it: committed, half committed or not", async () => {
  await using led = await leading({});
  const { log, root } = led;
  const { git, write } = repositoryAt(root);
  write("mine.txt", "dirty before\n");
  const folder = scratchFolder("delegation");
  const snapshots = join(folder, "snapshot");
  await makePrivateFolder(snapshots);
  await keepSnapshot(snapshots, await takeSnapshot(await workTreeOf(root), snapshots));
  log.record("delegation_started", {
    ...{ delegation_id: "d", task_id: "t-1", type: "bugfix", correction: false, workspace: root, folder },
    state: join(folder, "state"),
  });
  write("a.txt", "committed by it\n");
  git("commit", "--quiet", "--all", "--message=it");
  write("new.txt", "not committed\n");
  // Of a git that was killed with the worker.
  await writeFile(join(snapshots, "index.lock"), "");
  await recoverDelegations(log);
  const [finished] = log.state.tasks.finished;
  expect(finished).toMatchObject({ verdict: "interrupted", files: ["a.txt", "new.txt"] });
  expect(finished?.notes).toContain(`HEAD is at another commit: ${git("rev-parse", "HEAD")}`);
  expect(existsSync(snapshots)).toBe(false);
});
