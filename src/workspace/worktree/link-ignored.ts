import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { isErrno } from "../../errors.ts";
import type { PrivateWork } from "../git/private-git.ts";
import { pathOf } from "../git/raw-names.ts";
import { listIgnored } from "../snapshot/ignored-tree.ts";

/**
 * Gives a worktree what git ignores in the user's: dependencies, what was built. Files are links; a folder is a folder whose entries are
 * links, because a rule for a folder would not ignore a link of its name. In the private folder of `work` the user's tree was recorded.
 */
export async function linkIgnored(work: PrivateWork, worktree: string): Promise<void> {
  const { root } = work.tree;
  for (const listed of await listIgnored(work)) {
    const name = listed.replace(/\/$/, "");
    const isFolder = name !== listed;
    mkdirSync(pathOf(worktree, isFolder ? name : dirname(name)), { recursive: true });
    const entries = isFolder ? readdirSync(pathOf(root, name), { encoding: "latin1" }) : [];
    const names = isFolder ? entries.map((entry) => `${name}/${entry}`) : [name];
    for (const one of names) link(pathOf(root, one), pathOf(worktree, one));
  }
}

/** What is there already, as the commit has it, stays. */
function link(from: Buffer, to: Buffer): void {
  try {
    symlinkSync(from, to);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}
