import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { oneAtATime } from "../../bounds/one-at-a-time.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { requireWorkTree } from "../../workspace/git/find-work-tree.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import type { Result } from "../../workspace/worktree/bring-together/combine.ts";
import { type Arrival, ontoPresent } from "../../workspace/worktree/bring-together/onto-present.ts";
import { commitPresent } from "../../workspace/worktree/bring-together/present-commit.ts";
import { commitResult } from "../../workspace/worktree/bring-together/result-commit.ts";
import { copyIgnored } from "../../workspace/worktree/copy-ignored.ts";
import { addWorktree, removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { patchOf } from "../../workspace/worktree/patch.ts";
import { aloneInTree } from "../../workspace/write/alone-in-tree.ts";

import { noteArrival } from "./kept-work.ts";

/** Where delegations work at the same time, each in a worktree, and from where their results come into the user's work tree. */
export interface Apart {
  /**
   * Lets `work` work in a worktree that is gone afterwards. It begins from the recorded base, or from the user's tree as it is by then.
   * What was done is in `patchPath` before the worktree goes.
   */
  inWorktree<T>(place: ApartPlace, work: () => Promise<T>): Promise<Worked<T>>;
  /** Merges a result into the user's tree: all of it or nothing. That it begins is noted in the delegation's folder. */
  arrive(result: Result, folder: string): Promise<Arrival>;
  close(): Promise<void>;
}

interface ApartPlace {
  readonly id: string;
  readonly worktree: string;
  readonly from: "base" | "present";
  /** Where the patch of what was done goes, if anything was. */
  readonly patchPath: string;
  readonly signal: AbortSignal;
}

interface Worked<T> {
  readonly outcome: T;
  readonly result: Result;
  /** Whether anything was done. */
  readonly changed: boolean;
}

export interface ApartOptions {
  readonly workspace: string;
  /** The state folder. */
  readonly state: string;
  /** A private folder, gone after close. */
  readonly folder: string;
  /** For programs that copy files. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Records the user's work tree as the base that all begin from.
 * @throws UsageError where there is no work tree, or no commit yet
 */
export async function openApart({ workspace, state, folder, env, signal }: ApartOptions): Promise<Apart> {
  const tree = await requireWorkTree(workspace, {
    why: "Tasks work in worktrees",
    hint: "Run `git init` there.",
    signal,
  });
  const inTurn = oneAtATime();
  let works = 0;
  const inFolder = <T>(act: (work: PrivateWork) => Promise<T>, until?: AbortSignal): Promise<T> =>
    inTurn(async () => {
      const own = join(folder, String(works++));
      await makePrivateFolder(own);
      const { filters } = await readSettings(tree);
      return act({ tree, folder: own, filters, signal: until });
    });
  const base = await inFolder((work) => commitPresent(work, "base\n"), signal);
  return {
    async inWorktree({ id, worktree, from, patchPath, signal: until }, work) {
      const begun = await inFolder(async (inside) => {
        // The snapshot also shows what git ignores there.
        const present = await commitPresent(inside, "as it is\n");
        const commit = from === "base" ? base : present;
        await addWorktree(tree, worktree, { commit, signal: until });
        await copyIgnored(inside, worktree, env).catch(async (error) => {
          await removeWorktree(tree.commonDir, worktree);
          throw error;
        });
        return commit;
      }, until);
      // What cannot be kept stays where it is.
      const keep = async () => {
        const result = await inFolder((inside) => kept(inside, { id, worktree, base: begun, patchPath }));
        await removeWorktree(tree.commonDir, worktree);
        return { result, changed: result.commit !== begun };
      };
      const outcome = await work().catch(async (error) => {
        await keep();
        throw error;
      });
      return { outcome, ...(await keep()) };
    },
    arrive: (result, own) =>
      inFolder((work) =>
        aloneInTree({ tree, state }, () => ontoPresent(work, result, (arriving) => noteArrival(own, arriving))),
      ),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Doing {
  readonly id: string;
  readonly worktree: string;
  readonly base: string;
  readonly patchPath: string;
}

/** What was done, as a patch on the disk and as a commit. */
async function kept(work: PrivateWork, { id, worktree, base, patchPath }: Doing): Promise<Result> {
  const scratch = join(work.folder, "worktree");
  await makePrivateFolder(scratch);
  const { patch } = await patchOf({ folder: worktree, base }, scratch);
  const message = `${id}\n`;
  if (patch.length > 0) {
    await makePrivateFolder(dirname(patchPath));
    await writeWhole(patchPath, patch);
  }
  return { id, base, commit: await commitResult(work, { base, patch }, message), message };
}
