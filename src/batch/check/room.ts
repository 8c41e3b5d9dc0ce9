import { lstat, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { nearestThere } from "../../files/look.ts";
import { runGit } from "../../workspace/git/git.ts";
import { fieldsOf } from "../../workspace/git/raw-names.ts";

export interface Room {
  /** Bytes that the worktrees need. */
  readonly needed: number;
  /** Bytes that are free where they will be made. */
  readonly free: number;
}

/** What `worktrees` checkouts of HEAD take, with these paths copied into each, against what is free there. */
export async function roomFor(
  root: string,
  {
    state,
    worktrees,
    copies,
  }: { readonly state: string; readonly worktrees: number; readonly copies: readonly string[] },
): Promise<Room> {
  const entries = fieldsOf(await runGit(["ls-tree", "-r", "-l", "-z", "HEAD"], { cwd: root }));
  const checkout = entries.reduce(
    (sum, entry) => sum + blocks(Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(entry)?.[1] ?? 0)),
    0,
  );
  let copied = 0;
  for (const path of copies) copied += await sizeOf(join(root, path));
  const { bavail, bsize } = await statfs(await nearestThere(state));
  return { needed: worktrees * (checkout + copied), free: bavail * bsize };
}

async function sizeOf(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return 0;
  if (!stats.isDirectory()) return blocks(stats.size);
  let sum = 0;
  for (const name of await readdir(path)) sum += await sizeOf(join(path, name));
  return sum;
}

/** A file takes whole blocks. */
function blocks(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

const BLOCK = 4096;
