import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AskCodexError } from "../errors.ts";
import { newId } from "../files/state-paths.ts";
import { makePrivateFolder } from "../files/write-whole.ts";
import { takeHold } from "../process/hold.ts";
import { findProcess } from "../process/process-table.ts";
import { findWorkTree } from "../workspace/find-work-tree.ts";
import { sessionFolders } from "./find-session.ts";
import { inspectSession } from "./inspect-session.ts";
import { countQueue } from "./queue.ts";
import { sessionPaths } from "./session-paths.ts";
import { readStateFile, type StateFile } from "./state-file.ts";

/** A session that may write in a place. */
export interface Writer {
  /** Its own folder, if it has one already. */
  readonly folder: string | null;
  readonly workspace: string;
}

/**
 * Makes sure that no other session writes in the same work tree, and does `act` while no other can begin to.
 * @throws AskCodexError `session_busy`, naming the one that does
 */
export async function asOnlyWriter<T>(root: string, writer: Writer, act: () => Promise<T>): Promise<T> {
  return alone(root, async () => {
    const other = await busyWriter(root, writer);
    if (other !== null) {
      const hint = `Wait for it (codex_broker wait ${other}), stop it, give this one a tree of its own (--worktree), or allow both (--allow-shared-worktree).`;
      throw new AskCodexError("session_busy", `broker session ${other} works in the same work tree`, { hint });
    }
    return act();
  });
}

/** A session that has a turn under way or messages waiting, may write, and works in the same work tree. */
async function busyWriter(root: string, { folder: own, workspace }: Writer): Promise<string | null> {
  let tree: string | null = null;
  for (const folder of await sessionFolders(root)) {
    if (folder === own || !(await looksBusy(folder))) continue;
    // A worker that has died is found out here: its turn is over.
    const { state } = await inspectSession(folder);
    if (state.pending_count === 0 || state.status === "stopped" || !mayWrite(state)) continue;
    tree ??= await treeOf(workspace);
    if ((await treeOf(state.workspace)) === tree) return basename(folder);
  }
  return null;
}

async function looksBusy(folder: string): Promise<boolean> {
  const paths = sessionPaths(folder);
  if (countQueue(paths.queue) === 0) return false;
  const file = await readStateFile(paths.state);
  // One that cannot be read is named by the commands that are about it; here it is in nobody's way.
  return file.type === "valid" && mayWrite(file.value);
}

function mayWrite({ sandbox_mode, read_only }: StateFile): boolean {
  return sandbox_mode !== "read-only" && !read_only;
}

async function treeOf(workspace: string): Promise<string> {
  return (await findWorkTree(workspace))?.root ?? workspace;
}

// Each one takes some milliseconds.
const ALONE_LIMIT_MS = 30_000;
const ALONE_POLL_MS = 5;

/** One start at a time: two that look at the same moment would both find nobody. */
async function alone<T>(root: string, act: () => Promise<T>): Promise<T> {
  await makePrivateFolder(root);
  const self = await findProcess(process.pid);
  const owner = { pid: process.pid, startedAt: self?.startedAt ?? "", runId: newId() };
  const deadline = performance.now() + ALONE_LIMIT_MS;
  for (;;) {
    const taking = await takeHold(join(root, ".starting"), owner);
    if (taking.type === "held") return act().finally(() => taking.hold.release());
    if (performance.now() > deadline)
      throw new AskCodexError("internal", `process ${taking.holder.pid} is stuck while it starts a session`);
    await sleep(ALONE_POLL_MS);
  }
}
