import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeWhole } from "../../files/write-whole.ts";
import { firstOf } from "../../text/words.ts";
import { GITLINK } from "../../workspace/git/diff-trees.ts";
import { runGit } from "../../workspace/git/git.ts";
import type { Conflict } from "../../workspace/worktree/bring-together/conflict.ts";
import { counts, type TaskState } from "../schedule/task-state.ts";
import type { BatchContext } from "./context.ts";

/** A conflicting task gets a second try on top of what it conflicts with; after that it is left out, with both sides on the disk. */
export async function giveBack(
  id: string,
  on: string,
  files: readonly Conflict[],
  context: BatchContext,
): Promise<void> {
  const { log, watcher } = context;
  const task = log.schedule.tasks.get(id);
  if (task === undefined) return;
  const paths = files.map(({ path }) => path);
  await keepSides(id, files, context);
  if (task.returned === null && task.result?.session_id != null) {
    watcher.say(`${id} conflicts in ${firstOf(paths)}: given back to its own session`);
    log.record("task_returned", { id, on, files: paths });
  } else {
    watcher.say(`${id} is left out: it conflicts in ${firstOf(paths)}`);
    log.record("task_left_out", { id, reason: "conflict", files: paths });
  }
  watcher.changed();
}

/** The message for a session whose tree now has the work of others. */
export function secondPrompt({ task, returned }: TaskState): string {
  return [
    `Your change conflicts with other work in: ${firstOf(returned?.files ?? [])}.`,
    "You are now in a fresh work tree that has that other work and not yours. Make your change again, on top of what is there; keep what the others did.",
    ...(task.files === null ? [] : [`Change only: ${task.files.join(", ")}.`]),
    "The task was:",
    "",
    task.prompt ?? `the document ${task.handoff?.path ?? ""}`,
  ].join("\n");
}

/** The results that are brought together: clean, and of tasks whose own predecessors are so as well. */
export function together(tasks: readonly TaskState[]): readonly TaskState[] {
  const there = new Set<string>();
  return tasks.filter((state) => {
    const fits = counts(state) && state.task.after.every((name) => there.has(name));
    if (fits) there.add(state.task.id);
    return fits;
  });
}

async function keepSides(id: string, files: readonly Conflict[], { paths, tree }: BatchContext): Promise<void> {
  for (const { path, ...sides } of files.slice(0, MOST_KEPT)) {
    for (const side of ["base", "ours", "theirs"] as const) {
      const entry = sides[side];
      if (entry === null || entry.mode === GITLINK) continue;
      const content = await runGit(["cat-file", "blob", entry.id], { cwd: tree.root });
      const place = join(paths.conflicts, id, side, path);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      await writeWhole(place, Buffer.from(content, "latin1"));
    }
  }
}

const MOST_KEPT = 100;
