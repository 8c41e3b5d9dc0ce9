import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type LocalPlaceOptions, localPlace } from "../../batch/place/local.ts";
import { openSlots } from "../../bounds/slots.ts";
import { AskCodexError } from "../../errors.ts";
import { readPlainBytes, readPlainOr } from "../../files/read-plain.ts";
import { newId } from "../../files/state-paths.ts";
import { makePrivateFolder, PRIVATE_FILE, writeWhole } from "../../files/write-whole.ts";
import { findWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { Shelf } from "../engine/engine.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { MOST_ANSWER, type Offer } from "../wire/offer.ts";
import { type CarryOut, type Done, Unable } from "../worker/attend.ts";
import { excessOf, Refused, type WorkerPolicy } from "../worker/policy.ts";
import { asksOf } from "./asks.ts";
import { receiveFiles } from "./receive.ts";
import { asTravellingTask, type TravellingTask } from "./work.ts";

export interface CarryOutOptions {
  readonly shelf: Shelf;
  readonly key: QueueKey;
  readonly state: string;
  /** This worker's own folder; what lies there of an attempt goes with it. */
  readonly folder: string;
  readonly policy: WorkerPolicy;
  /** What Codex is asked for a task, in a repository. */
  readonly planned: (travelling: TravellingTask, root: string) => ReturnType<LocalPlaceOptions["planned"]>;
  readonly context: LocalPlaceOptions["context"];
}

/** How a worker carries out a task of a batch: in a repository made for it, as a batch does on one machine. */
export function carryOutTask(options: CarryOutOptions): CarryOut {
  const slots = openSlots();
  return async (offer, how) => {
    const runId = newId();
    const slot = slots.take();
    // The name of the run leads to the processes of an attempt whose worker was killed.
    const own = join(options.folder, runId);
    await makePrivateFolder(own);
    try {
      return await work(offer, { own, runId, slot }, how, options);
    } finally {
      slots.free(slot);
      await rm(own, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

async function work(
  offer: Offer,
  { own, runId, slot }: { readonly own: string; readonly runId: string; readonly slot: number },
  { signal, doing }: Parameters<CarryOut>[1],
  options: CarryOutOptions,
): Promise<Done> {
  const { shelf, key, state, policy, context } = options;
  const travelling = asTravellingTask(offer.work);
  const [root, patches] = [join(own, "files"), join(own, "patches")];
  for (const folder of [root, patches]) await mkdir(folder, { mode: 0o700 });
  doing("fetches the files");
  await receiveFiles(root, offer, { shelf, key, remote: policy.remote, signal });
  const here = await withDocument(travelling, join(own, "document.md"));
  // The offer said what it asks for, and the work may ask for more: by a role among its files, or another sort of coordinator.
  const planned = await options.planned(here, root);
  const excess = excessOf(policy, asksOf(planned, { setup: here.setup, files: here.task.files }));
  if (excess !== null) throw new Refused(excess);
  const place = localPlace({
    ...{ tree: await treeAt(root), state, batchId: offer.batch, patches, context },
    // In the folder that goes with this worker, also when it was killed.
    worktreeFolder: join(own, "worktrees"),
    options: { worktrees: true, copies: [], setup: here.setup },
    planned: async () => planned,
  });
  const job = { task: here.task, runId, base: offer.files.commit, slot, continues: null };
  const result = await place.run(job, { working: () => {}, doing, left: doing }, signal);
  const kind = UNABLE.find((one) => one === result.error_kind);
  if (kind !== undefined) throw new Unable(kind, result.message ?? "");
  const patch = result.patch === null ? Buffer.alloc(0) : readPlainBytes(result.patch, { limit: MOST_ANSWER / 2 });
  const report = result.output_path === null ? null : readPlainOr(result.output_path, null, { limit: MOST_ANSWER / 4 });
  return { patch, work: { result, report } };
}

/** What a worker fails with where another may not. (A batch's own --config can be why a Codex does not start: that is no worker's fault.) */
const UNABLE = ["auth", "codex_missing"] as const;

/** The document lies beside the files: among them it would be part of the result. */
async function withDocument(travelling: TravellingTask, path: string): Promise<TravellingTask> {
  const { task, document } = travelling;
  if (document === null || task.handoff === null) return travelling;
  await writeWhole(path, document, PRIVATE_FILE);
  return { ...travelling, task: { ...task, handoff: { ...task.handoff, path } } };
}

async function treeAt(folder: string): Promise<WorkTree> {
  const tree = await findWorkTree(folder);
  if (tree === undefined) throw new AskCodexError("internal", `git made no repository in ${folder}`);
  return tree;
}
