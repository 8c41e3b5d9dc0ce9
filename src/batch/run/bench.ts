import { oneAtATime } from "../../bounds/one-at-a-time.ts";
import { readPlainBytes } from "../../files/read-plain.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import { type Combination, combine, type Result } from "../../workspace/worktree/bring-together/combine.ts";
import { type MergeWay, mergeWay } from "../../workspace/worktree/bring-together/merge.ts";
import { commitResult } from "../../workspace/worktree/bring-together/result-commit.ts";
import type { TaskState } from "../schedule/task-state.ts";

/** Where results become commits and are brought together, one piece of work at a time. */
export interface Bench {
  /** The clean results of these tasks together on a base. */
  combined(base: string, tasks: readonly TaskState[]): Promise<Combination>;
}

export function openBench(tree: WorkTree, folder: string): Bench {
  const inTurn = oneAtATime();
  const commits = new Map<string, Result>();
  // The same steps come up again: in what others begin with, in halves of a search, and in the end.
  const known = new Map<string, Combination>();
  let way: MergeWay | undefined;
  return {
    combined: (base, tasks) =>
      inTurn(async () => {
        await makePrivateFolder(folder);
        const { filters } = await readSettings(tree);
        const work: PrivateWork = { tree, folder, filters };
        const results: Result[] = [];
        for (const task of tasks) results.push(await resultOf(task, work, commits));
        way ??= await mergeWay(work);
        let all: Combination = { commit: base, merged: [], conflicts: [] };
        for (const result of results) {
          const key = `${all.commit} ${result.commit}`;
          const step = known.get(key) ?? (await combine(work, all.commit, [result], { way }));
          known.set(key, step);
          const { commit } = step;
          all = { commit, merged: [...all.merged, ...step.merged], conflicts: [...all.conflicts, ...step.conflicts] };
        }
        return all;
      }),
  };
}

async function resultOf({ task, result }: TaskState, work: PrivateWork, commits: Map<string, Result>): Promise<Result> {
  if (result === null) throw new Error(`the task ${task.id} has no result`);
  const known = commits.get(result.run_id);
  if (known !== undefined) return known;
  const message = messageFor(task.id, task.prompt ?? "");
  const patch = result.patch === null ? Buffer.alloc(0) : readPlainBytes(result.patch);
  const commit = await commitResult(work, { base: result.base, patch }, message);
  const made = { id: task.id, base: result.base, commit, message };
  commits.set(result.run_id, made);
  return made;
}

function messageFor(id: string, prompt: string): string {
  const [first = ""] = prompt.trim().split("\n");
  return `${id}${first === "" ? "" : `: ${first.replace(/^Goal:\s*/, "").slice(0, 60)}`}\n`;
}
