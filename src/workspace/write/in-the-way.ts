import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import type { WorkTree } from "../git/find-work-tree.ts";
import { pathOf } from "../git/raw-names.ts";
import { lstatOf } from "../git/stamps.ts";
import type { EntryChange } from "../git/tree-entries.ts";

/**
 * The paths of changes for which the disk is not as the trees say, raw names: something ignored or otherwise unrecorded
 * lies where a file should be made, or a file that should change is not there (a sparse checkout).
 */
export function inTheWay(tree: WorkTree, changes: readonly EntryChange[]): string[] {
  const goes = new Set(changes.filter(({ after }) => after === null).map(({ path }) => path));
  const isBlocked = ({ path, before }: EntryChange) =>
    before !== null
      ? lstatOf(tree, path) === undefined
      : !isFree(tree, path, goes) || hasBlockedParent(tree, path, goes);
  return changes.filter(isBlocked).map(({ path }) => path);
}

function isFree(tree: WorkTree, path: string, goes: ReadonlySet<string>): boolean {
  // Where a link to a folder goes, what lies behind it is not here.
  if (path.split("/").some((_, at, parts) => at > 0 && goes.has(parts.slice(0, at).join("/")))) return true;
  const stats = lstatOf(tree, path);
  if (stats === undefined || goes.has(path)) return true;
  // Folders that hold nothing but what goes are removed with it.
  return stats.isDirectory() && childrenOf(tree, path).every((name) => isFree(tree, `${path}/${name}`, goes));
}

function hasBlockedParent(tree: WorkTree, path: string, goes: ReadonlySet<string>): boolean {
  const parent = dirname(path);
  if (parent === ".") return false;
  const stats = lstatOf(tree, parent);
  if (stats?.isDirectory())
    return lstatOf(tree, `${parent}/.git`) !== undefined || hasBlockedParent(tree, parent, goes);
  return stats === undefined || goes.has(parent) ? hasBlockedParent(tree, parent, goes) : true;
}

function childrenOf(tree: WorkTree, path: string): string[] {
  return readdirSync(pathOf(tree.root, path), { encoding: "latin1" });
}
