import { readdirSync } from "node:fs";
import { join } from "node:path";
import { GITLINK } from "../git/diff-trees.ts";
import { findWorkTree, type WorkTree } from "../git/find-work-tree.ts";
import { GitError } from "../git/git.ts";
import { type PrivateWork, privateGit } from "../git/private-git.ts";
import { fieldsOf, pathOf, textOf } from "../git/raw-names.ts";
import { lstatOf, stampOf } from "../git/stamps.ts";
import { compareSnapshots } from "./compare.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

/** What is in the folder of a submodule, at one moment. */
export type Submodule = { readonly path: string; readonly top: string } & (
  | { readonly type: "repository"; readonly tree: WorkTree; readonly folder: string; readonly snapshot: Snapshot }
  /** Not checked out: there should be nothing in it. */
  | { readonly type: "folder"; readonly stamps: ReadonlyMap<string, string> }
  | { readonly type: "unreadable" }
);

/**
 * Looks into every submodule, and into those in it: to the repository around it a submodule is a commit, and an edit that is not
 * committed is nothing. By path from the root of the work tree; `top` is the submodule that the repository itself has.
 */
export async function lookIntoSubmodules(work: PrivateWork): Promise<ReadonlyMap<string, Submodule>> {
  return new Map((await lookInto(work, "", null)).map((one) => [one.path, one]));
}

/** What is no longer the same in a submodule: paths in it; all of it is the empty path. A new one has been changed by no one. */
export async function changedIn(
  before: Submodule | undefined,
  after: Submodule,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (before?.type === "repository" && after.type === "repository") {
    const { files } = await compareSnapshots(after, before.snapshot, after.snapshot, signal);
    return files.flatMap(({ path, from }) => (from === undefined ? [path] : [from, path]));
  }
  if (before?.type === "folder" && after.type === "folder") {
    const names = new Set([...before.stamps.keys(), ...after.stamps.keys()]);
    return [...names].filter((name) => before.stamps.get(name) !== after.stamps.get(name));
  }
  return before === undefined || before.type === after.type ? [] : [""];
}

async function lookInto(work: PrivateWork, prefix: string, top: string | null): Promise<Submodule[]> {
  const { tree, folder, signal } = work;
  const found: Submodule[] = [];
  for (const name of await gitlinks(work)) {
    if (lstatOf(tree, name)?.isDirectory() !== true) continue;
    const path = `${prefix}${textOf(name)}`;
    const place = { path, top: top ?? path };
    const { createHash } = await import("node:crypto");
    const own = join(folder, "submodules", createHash("sha256").update(path).digest("hex").slice(0, 16));
    try {
      const inner = await findWorkTree(join(tree.root, textOf(name)), signal);
      if (inner === undefined || inner.root !== join(tree.root, textOf(name))) {
        found.push({ ...place, type: "folder", stamps: stampsBelow(tree, name) });
        continue;
      }
      const snapshot = await takeSnapshot(inner, own, signal);
      found.push({ ...place, type: "repository", tree: inner, folder: own, snapshot });
      const within = { ...work, tree: inner, folder: own, filters: snapshot.filters };
      found.push(...(await lookInto(within, `${path}/`, place.top)));
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      found.push({ ...place, type: "unreadable" });
    }
  }
  return found;
}

/** Raw names of the submodules that the snapshot's index has. */
async function gitlinks(work: PrivateWork): Promise<string[]> {
  const records = fieldsOf(await privateGit(work, "index")(["ls-files", "-z", "--stage"]));
  const names = records.flatMap((record) =>
    record.startsWith(`${GITLINK} `) ? (/\t(.+)$/s.exec(record)?.[1] ?? []) : [],
  );
  return [...new Set(names)];
}

function stampsBelow(tree: WorkTree, folder: string): ReadonlyMap<string, string> {
  const stamps = new Map<string, string>();
  const walk = (name: string) => {
    for (const entry of readdirSync(pathOf(tree.root, name), { encoding: "latin1" })) {
      const inner = `${name}/${entry}`;
      if (lstatOf(tree, inner)?.isDirectory()) walk(inner);
      else stamps.set(textOf(inner.slice(folder.length + 1)), stampOf(tree, inner));
    }
  };
  walk(folder);
  return stamps;
}
