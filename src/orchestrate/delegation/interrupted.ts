import { join } from "node:path";
import * as z from "zod/mini";
import { readJson } from "../../files/json-file.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { endProcesses, processesMarked } from "../../process/end-processes.ts";
import { RUN_MARKER } from "../../process/run-marker.ts";
import { diffTrees, type FileChange } from "../../workspace/git/diff-trees.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { takeSnapshot } from "../../workspace/snapshot/snapshot.ts";

/** What is left of a delegation that nobody has ended. */
interface Interrupted {
  /** What has changed in the work tree since it began; null: it had not begun, or that cannot be told any more. */
  readonly files: readonly FileChange[] | null;
  /** Processes of it that could not be ended. */
  readonly survivors: readonly number[];
}

interface InterruptedOptions {
  readonly id: string;
  readonly folder: string;
  readonly workspace: string;
}

const begun = z.object({ tree: z.string(), filters: z.array(z.string()) });

type Begun = z.infer<typeof begun>;

/** Notes what a later process must know of the tree before the work. */
export async function noteBegun(folder: string, before: Begun): Promise<void> {
  await writeWhole(join(folder, BEGUN), JSON.stringify(before));
}

const BEGUN = "begun.json";

/** After we were killed: ends what still runs of a delegation, and names what it, or whoever else, has changed since it began. */
export async function endInterrupted({ id, folder, workspace }: InterruptedOptions): Promise<Interrupted> {
  const left = await endProcesses(await processesMarked(RUN_MARKER, id));
  const survivors = left.map(({ pid }) => pid);
  const read = await readJson(join(folder, BEGUN), begun);
  const tree = await findWorkTree(workspace);
  if (read.type !== "valid" || tree === undefined) return { files: null, survivors };
  const snapshots = join(folder, "snapshot");
  const now = await takeSnapshot(tree, snapshots);
  const files = await diffTrees({ tree, folder: snapshots }, read.value, now);
  return { files, survivors };
}
