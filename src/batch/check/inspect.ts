import { rm } from "node:fs/promises";
import { join } from "node:path";
import { randomHex } from "../../files/random-hex.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { pathPattern } from "../../handoff/patterns/patterns.ts";
import { firstOf } from "../../text/words.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { takeSnapshot } from "../../workspace/snapshot/snapshot.ts";
import { type Fault, fault } from "../plan/fault.ts";
import { graphFaults } from "../plan/graph.ts";
import { overlaps } from "../plan/overlaps.ts";
import type { BatchTask } from "../plan/task.ts";
import { type Room, roomFor } from "./room.ts";

/** What a plan is looked at with. */
export interface InspectionPlace {
  readonly tree: WorkTree;
  readonly state: string;
  readonly parallel: number;
  readonly worktrees: boolean;
  readonly merge: "none" | "branch" | "apply";
  readonly copies: readonly string[];
  /** Rounds of tasks that say nothing of them. */
  readonly verifyRounds: number;
}

export interface PlanInspection {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Turns of Codex: one a task at least, and as many as failed checks can add. */
  readonly turns: { readonly least: number; readonly most: number };
  /** Null: no worktree is made. */
  readonly room: Room | null;
}

/** Everything about a plan that can be found before it starts. It is ready when there is no fault. */
export async function inspectPlan(tasks: readonly BatchTask[], place: InspectionPlace): Promise<PlanInspection> {
  const order = graphFaults(tasks);
  const writers = tasks.filter(({ writes }) => writes);
  // Without an order it is not known what runs beside what.
  const meeting = order.length > 0 || (place.parallel === 1 && !place.worktrees) ? [] : overlaps(tasks, writers);
  const met = meeting.map(({ one, other, where }) =>
    fault(one, `It may write what ${other} writes at the same time (${where})`, MEETING),
  );
  const dirty = await dirtyFiles(place.tree, place.state);
  const edited = editedInScope(writers, dirty);
  const room = place.worktrees ? await roomOf(tasks, place) : null;
  const full =
    room !== null && room.needed > room.free
      ? [
          fault(
            null,
            `Worktrees need ${inMegabytes(room.needed)}, and ${inMegabytes(room.free)} are free`,
            "Make room, or lower --parallel.",
          ),
        ]
      : [];
  const beside = place.worktrees ? [] : handoffsBeside(tasks, place.parallel);
  const cannotApply = place.merge === "apply" && place.worktrees;
  const rounds = ({ verifyRounds }: BatchTask) => verifyRounds ?? place.verifyRounds;
  return {
    faults: [...order, ...(place.worktrees ? [] : met), ...(cannotApply ? edited : []), ...full, ...beside],
    warnings: [...(place.worktrees ? met : []), ...(cannotApply ? editedAnywhere(writers, dirty) : edited)],
    turns: { least: tasks.length, most: tasks.reduce((sum, task) => sum + 1 + rounds(task), 0) },
    room,
  };
}

const MEETING = "Let one wait for the other (after), or give them files that do not meet.";

/** A handoff is judged by all that changed in its work tree, whatever changed it. */
function handoffsBeside(tasks: readonly BatchTask[], parallel: number): readonly Fault[] {
  const first = tasks.find(({ handoff }) => handoff !== null);
  if (first === undefined || parallel === 1) return [];
  return [
    fault(first.id, "A handoff cannot be judged while others work in the same tree", "Use worktrees, or --parallel 1."),
  ];
}

async function roomOf(tasks: readonly BatchTask[], { tree, state, parallel, copies }: InspectionPlace): Promise<Room> {
  return roomFor(tree.root, { state, worktrees: Math.min(parallel, tasks.length), copies });
}

/** Files of a scope that are not as in HEAD: no worktree has those edits, and no result is applied over them. */
function editedInScope(writers: readonly BatchTask[], dirty: readonly string[]): readonly Fault[] {
  return writers.flatMap(({ id, files }) => {
    const patterns = (files ?? []).map(pathPattern);
    const edited = dirty.filter((path) => patterns.some(({ matches }) => matches(path)));
    if (edited.length === 0) return [];
    return [
      fault(id, `Not committed, and in its scope: ${firstOf(edited, 3)}`, "Commit or stash it: tasks begin with HEAD."),
    ];
  });
}

/** A task that names no files may change those as well, and may not: that is seen in the end. */
function editedAnywhere(writers: readonly BatchTask[], dirty: readonly string[]): readonly Fault[] {
  const open = writers.filter(({ files }) => files === null);
  if (open.length === 0 || dirty.length === 0) return [];
  const what = `Not committed, and no worktree has it: ${firstOf(dirty, 3)}. These may change any file: ${firstOf(open.map(({ id }) => id))}`;
  return [
    fault(null, what, "A result that changes an edited file is kept as a branch: commit first, or name `files`."),
  ];
}

async function dirtyFiles(tree: WorkTree, state: string): Promise<readonly string[]> {
  const folder = join(state, `look-${randomHex(6)}`);
  try {
    await makePrivateFolder(folder);
    return (await takeSnapshot(tree, folder)).dirty;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
