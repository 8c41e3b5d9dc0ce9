import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findWorkTree } from "../../../src/workspace/git/find-work-tree.ts";
import { compareSnapshots } from "../../../src/workspace/snapshot/compare.ts";
import { takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { say } from "../../support/model/replies.ts";
import { removeFolder } from "../../support/temp-folder.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { fillRepository } from "../fill-repository.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const FILES = 50_000;

/** What the evidence costs where it costs most: a work tree of 50,000 files, of which one has changed. */
export const bigRepository: Benchmark = {
  name: "big-repository",
  title: `Git evidence in a repository of ${FILES} files`,
  run: ({ runs, signal }) =>
    inWorld({ signal, script: () => say("Done."), git: false, files: {} }, async (world) => {
      await fillRepository(world.workspace, FILES);
      const { ask, bare } = await contestants(world);
      const once = (program: Program) => async () => (await measureExit(0, program, signal)).ms;
      const status: Program = { command: "git", args: ["status", "--porcelain"], cwd: world.workspace, env: world.env };
      const samples = await contest(
        {
          status: once(status),
          evidence: () => evidence(world),
          bare: once(bare("workspace-write", "Do it.")),
          readOnly: once(ask("--read-only", "Do it.")),
          recorded: once(ask("Do it.")),
        },
        runs,
      );
      const waited = samples.recorded.map((ms, round) => ms - (samples.readOnly[round] ?? Number.NaN));
      return [
        figure("git status", "ms", samples.status),
        figure("the evidence alone: snapshot, snapshot, comparison", "ms", samples.evidence),
        figure("codex exec --json", "ms", samples.bare),
        figure("ask_codex --read-only (no evidence)", "ms", samples.readOnly),
        figure("ask_codex, with git evidence", "ms", samples.recorded),
        figure("what a run waits for its evidence", "ms", waited),
        ratio("the evidence alone : git status", samples.evidence, samples.status, 3.5),
        ratio("ask_codex with git evidence : codex exec", samples.recorded, samples.bare),
      ];
    }),
};

/** All that a run does for its evidence, one after the other; a run does the first half while Codex starts. */
async function evidence({ workspace, temp }: World): Promise<number> {
  const folder = await mkdtemp(join(temp, "evidence-"));
  const startedAt = performance.now();
  const tree = await findWorkTree(workspace);
  if (tree === undefined) throw new Error("no work tree");
  const before = await takeSnapshot(tree, folder);
  const halfway = performance.now();
  // What is changed is not part of what is measured.
  await writeFile(join(workspace, "changed.txt"), `${halfway}\n`);
  const goneOn = performance.now();
  const after = await takeSnapshot(tree, folder);
  const { files } = await compareSnapshots({ tree, folder }, before, after);
  const ms = performance.now() - startedAt - (goneOn - halfway);
  await Promise.all([removeFolder(folder), rm(join(workspace, "changed.txt"))]);
  if (files.length !== 1) throw new Error(`${files.length} changes instead of one`);
  return ms;
}
