import { join } from "node:path";
import { type BatchEvent, parseBatchEvent } from "../../batch/schedule/event.ts";
import type { BatchPaths } from "../../batch/schedule/journal.ts";
import type { TaskResult } from "../../batch/schedule/result.ts";
import { UsageError } from "../../errors.ts";
import { isWithin } from "../../files/is-within.ts";
import { isThere } from "../../files/look.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { GitError, runGit } from "../../workspace/git/git.ts";
import type { Shelf } from "../engine/engine.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { copiedJournal, copiedPatch } from "./journal-copy.ts";

interface RestoreOptions {
  readonly shelf: Shelf;
  readonly key: QueueKey;
  readonly batch: string;
  readonly paths: BatchPaths;
  /** The repository to go on in. */
  readonly tree: WorkTree;
}

/**
 * Writes the journal of a batch that another machine began, from its copy on the queue, with the places of this machine. Does nothing where
 * the batch is known already.
 * @throws UsageError when the queue knows of no such batch, or the repository lacks the commit that it began from
 */
export async function restoreBatch(options: RestoreOptions): Promise<void> {
  const { batch, paths, tree } = options;
  if (await isThere(paths.events)) return;
  const text = await copiedJournal(options);
  if (text === null) throw new UsageError(`Neither this machine nor the queue knows a batch ${batch}.`);
  const events = text.split("\n").flatMap((line) => (line === "" ? [] : (parseBatchEvent(line) ?? [])));
  const [begun] = events;
  if (begun?.type !== "batch_started")
    throw new UsageError(`The copy of batch ${batch} on the queue has no beginning.`);
  await requireCommit(tree, begun.payload.base);
  await makePrivateFolder(paths.patches);
  const lines: string[] = [];
  for (const event of events) lines.push(JSON.stringify(await placedHere(event, begun.payload.root, options)));
  await writeWhole(paths.events, `${lines.join("\n")}\n`);
}

async function requireCommit({ root }: WorkTree, commit: string): Promise<void> {
  try {
    await runGit(["cat-file", "-e", `${commit}^{commit}`], { cwd: root });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`The batch began from the commit ${commit}, which ${root} does not have.`, "Fetch it first.");
  }
}

async function placedHere(event: BatchEvent, root: string, options: RestoreOptions): Promise<BatchEvent> {
  if (event.type === "batch_started") {
    const { payload } = event;
    const tasks = payload.tasks.map((task) => ({ ...task, handoff: moved(task.handoff, root, options.tree.root) }));
    return { ...event, payload: { ...payload, root: options.tree.root, tasks } };
  }
  if (event.type !== "task_finished") return event;
  const result = await resultHere(event.payload.result, options);
  return { ...event, payload: { ...event.payload, result } };
}

function moved<T extends { readonly path: string } | null>(document: T, from: string, to: string): T {
  if (document === null || !isWithin(document.path, from)) return document;
  return { ...document, path: join(to, document.path.slice(from.length)) };
}

async function resultHere(result: TaskResult, options: RestoreOptions): Promise<TaskResult> {
  if (result.patch === null) return { ...result, output_path: null };
  const patch = join(options.paths.patches, `${result.run_id}.patch`);
  await writeWhole(patch, await copiedPatch(options, result.run_id));
  return { ...result, patch, output_path: null };
}
