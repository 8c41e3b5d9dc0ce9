import { basename, join } from "node:path";
import { isErrno } from "../../errors.ts";
import { alone } from "../../process/alone.ts";
import { countQueue } from "../store/queue.ts";
import { sessionBusy, treeOf } from "../store/session-busy.ts";
import { foldersIn, isSession, sessionFile } from "../store/session-paths.ts";
import { readStateFile, type StateFile } from "../store/state-file.ts";
import { inspectSession } from "./inspect-session.ts";

// Each start takes some milliseconds.
const START_LIMIT_MS = 30_000;

/**
 * Makes sure that no session writes in the work tree of a new one, and does `act` while no other can begin to.
 * @throws AskCodexError `session_busy`, naming the one that does
 */
export async function asOnlyWriter<T>(root: string, workspace: string, act: () => Promise<T>): Promise<T> {
  // Two that look at the same moment would both find no one.
  return alone({ path: join(root, ".starting"), limitMs: START_LIMIT_MS, doing: "starts a session" }, async () => {
    const other = await busyWriter(root, workspace);
    if (other === null) return act();
    throw sessionBusy(
      other,
      "stop it, give this one a tree of its own (--worktree), or allow both (--allow-shared-worktree).",
    );
  });
}

/** A session that has a turn under way or messages waiting, may write, and works in the same work tree. */
async function busyWriter(root: string, workspace: string): Promise<string | null> {
  let tree: string | null = null;
  for (const folder of foldersIn(root)) {
    // Most sessions are at rest, which one look at the queue shows.
    if (!hasQueued(folder) || !isSession(folder) || !(await looksBusy(folder))) continue;
    // A worker that has died is found out here: its turn is over.
    const { state } = await inspectSession(folder);
    if (state.pending_count === 0 || state.status === "stopped" || !mayWrite(state)) continue;
    tree ??= await treeOf(workspace);
    if ((await treeOf(state.workspace)) === tree) return basename(folder);
  }
  return null;
}

function hasQueued(folder: string): boolean {
  try {
    return countQueue(sessionFile(folder, "queue")) > 0;
  } catch (error) {
    // Another user's.
    if (isErrno(error, "EACCES")) return false;
    throw error;
  }
}

async function looksBusy(folder: string): Promise<boolean> {
  const file = await readStateFile(sessionFile(folder, "state"));
  // A session that cannot be read is named by the commands that are about it; here it is in no one's way.
  return file.type === "valid" && mayWrite(file.value);
}

/** The Codex that leads an orchestration only reads; what it hands on is written. */
function mayWrite({ sandbox_mode, read_only, orchestration }: StateFile): boolean {
  return orchestration !== null || (sandbox_mode !== "read-only" && !read_only);
}
