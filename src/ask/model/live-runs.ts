import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { inBatches } from "../../bounds/in-batches.ts";
import { missingMountPoints, removeMountPointsOfDead } from "../../codex/sandbox/mount-points.ts";
import { readJson } from "../../files/json-file.ts";
import { namesIn } from "../../files/names-in.ts";
import { runPaths } from "../../files/state-paths.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { isRecordedAlive } from "../../process/liveness.ts";

/** A writing run and the work tree it works in. */
export interface LiveRun {
  readonly runId: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly pidNamespace?: string | undefined;
  readonly workTree: string;
  /** The folder of the broker session that it is a run of. */
  readonly session?: string | undefined;
  /** When it began (ms since the epoch). */
  readonly begunAt?: number | undefined;
  /** Folders that were missing when it began, and that Codex's sandbox may leave behind empty. */
  readonly mountPoints?: readonly string[] | undefined;
  /** When it ended (ms since the epoch); kept only while a run that it overlapped with goes on. */
  readonly endedAt: number | null;
}

export interface Registration {
  /** The other runs of ours that have worked in the same work tree while this one did, dead ones included. */
  beside(): Promise<readonly string[]>;
  finish(): Promise<void>;
}

const liveRun: z.ZodMiniType<LiveRun> = z.object({
  runId: z.string(),
  pid: z.number(),
  startedAt: z.string(),
  pidNamespace: z.optional(z.string()),
  /** Left out by older versions. */
  begunAt: z.optional(z.number()),
  workTree: z.string(),
  session: z.optional(z.string()),
  mountPoints: z.optional(z.array(z.string())),
  endedAt: z.nullable(z.number()),
});

type NewRun = Omit<LiveRun, "begunAt" | "mountPoints" | "endedAt">;

/**
 * Notes that this run works in a work tree, so that runs beside it learn of each other. The first one after a run that was killed
 * removes the empty folders that its sandbox left. `roots`: where commands in the sandbox of this run may write.
 */
export async function registerRun(state: string, own: NewRun, roots: readonly string[] = []): Promise<Registration> {
  const folder = join(state, "live");
  await makePrivateFolder(folder);
  const path = (runId: string) => join(folder, `${runId}.json`);
  const begun = Date.now();
  const before = await inSameTree(folder, own);
  const dead = before.flatMap(({ run, alive }) => (alive ? [] : [run]));
  const gone = new Set(dead.map(({ runId }) => runId));
  if (dead.length === before.length) await inBatches(dead, (run) => removeLeft(state, run));
  const entry = { ...own, begunAt: begun, mountPoints: await missingMountPoints(roots) };
  await writeWhole(path(own.runId), JSON.stringify({ ...entry, endedAt: null }));
  return {
    async beside() {
      const others = await inSameTree(folder, own);
      const overlapping = others.filter(({ run }) => !gone.has(run.runId) && (run.endedAt ?? Infinity) >= begun);
      return overlapping.map(({ run }) => run.runId).sort();
    },
    async finish() {
      // Written before looking: of two that end at the same time, the later one sees the other's end.
      await writeWhole(path(own.runId), JSON.stringify({ ...entry, endedAt: Date.now() }));
      const others = await inSameTree(folder, own);
      if (others.some(({ alive }) => alive)) return;
      // The last one out: no one is left whom the others' ends would concern.
      await inBatches([own, ...others.map(({ run }) => run)], ({ runId }) => rm(path(runId), { force: true }));
    },
  };
}

/** Every run that works in a tree right now. */
export async function livingRuns(state: string): Promise<readonly LiveRun[]> {
  const runs = await recorded(join(state, "live"));
  return (await inBatches(runs, withLiveness)).filter(({ alive }) => alive).map(({ run }) => run);
}

async function removeLeft(state: string, { runId, session, mountPoints = [] }: LiveRun): Promise<void> {
  if (mountPoints.length > 0) await removeMountPointsOfDead(mountPoints, runPaths(session ?? state, runId).events);
}

async function inSameTree(folder: string, own: NewRun) {
  const runs = await recorded(folder);
  const others = runs.filter(({ runId, workTree }) => runId !== own.runId && workTree === own.workTree);
  return inBatches(others, withLiveness);
}

async function withLiveness(run: LiveRun) {
  return { run, alive: run.endedAt === null && (await isRecordedAlive(run, run.begunAt ?? 0)) };
}

async function recorded(folder: string): Promise<readonly LiveRun[]> {
  // Another run may just be writing its own file.
  const whole = (await namesIn(folder)).filter((name) => name.endsWith(".json"));
  const files = await inBatches(whole, (name) => readJson(join(folder, name), liveRun));
  return files.flatMap((file) => (file.type === "valid" ? [file.value] : []));
}
