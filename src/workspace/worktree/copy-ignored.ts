import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { lstat, readdir, readlink, rm, symlink } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { AskCodexError } from "../../errors.ts";
import { isWithin } from "../../files/is-within.ts";
import type { Environment } from "../../process/environment.ts";
import { runProgram } from "../../process/run-program.ts";
import { oneLine } from "../../text/defuse.ts";
import type { PrivateWork } from "../git/private-git.ts";
import { textOf } from "../git/raw-names.ts";
import { listIgnored } from "../snapshot/ignored-tree.ts";

/**
 * Gives a worktree what git ignores in the user's: dependencies, what was built. All of it is copied: through a link, a process that works there
 * would reach the user's own files. Caches stay behind, and names that are not UTF-8. In the private folder of `work` the user's tree was
 * recorded; `env`: where programs are found.
 * @throws AskCodexError `system` when it cannot be copied
 */
export async function copyIgnored(work: PrivateWork, worktree: string, env: Environment): Promise<void> {
  const { root } = work.tree;
  const byFolder = new Map<string, string[]>();
  for (const listed of (await listIgnored(work)).map(textOf)) {
    const path = listed.replace(/\/$/, "");
    const paths = path === listed ? [path] : readdirSync(join(root, path)).map((name) => `${path}/${name}`);
    for (const one of paths) byFolder.set(dirname(one), [...(byFolder.get(dirname(one)) ?? []), one]);
  }
  for (const [folder, paths] of byFolder) {
    const place = join(worktree, folder);
    // What is there already, as the commit has it, stays.
    const wanted = paths.filter(
      (path) => !isLeftOut(path) && isThere(join(root, path)) && !isThere(join(worktree, path)),
    );
    if (wanted.length > 0) mkdirSync(place, { recursive: true });
    for (let at = 0; at < wanted.length; at += AT_ONCE)
      await copyTo(
        place,
        wanted.slice(at, at + AT_ONCE).map((path) => join(root, path)),
        env,
      );
    for (const path of wanted) await keepLinksInside(join(place, basename(path)), root, worktree);
  }
}

const AT_ONCE = 500;
const COPY_LIMIT_MS = 600_000;

/** A program for it: it takes every kind of file and name, and shares blocks where the file system can. */
async function copyTo(place: string, sources: readonly string[], env: Environment): Promise<void> {
  const options = { cwd: place, env, limitMs: COPY_LIMIT_MS };
  const { code, output } = await runProgram("cp", ["-R", "-P", "-p", "--", ...sources, "."], options);
  if (code === 0) return;
  throw new AskCodexError("system", `what git ignores could not be copied: ${oneLine(output, 300) || "cp was ended"}`, {
    hint: "Make room on the disk, or let tasks work one after the other.",
  });
}

/** Caches, which are made anew, and names that no argument can carry. */
function isLeftOut(path: string): boolean {
  return path.includes("\ufffd") || /(?:^|\/)(?:\.cache|__pycache__|\.(?:pytest|mypy|ruff)_cache)$/.test(path);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A full path into the user's work tree, as package managers write it, leads to the same place of the worktree. */
export async function keepLinksInside(place: string, from: string, worktree: string): Promise<void> {
  if ((await lstat(place)).isSymbolicLink()) return keepLinkInside(place, from, worktree);
  if (!(await lstat(place)).isDirectory()) return;
  for (const entry of await readdir(place, { withFileTypes: true })) {
    const path = join(place, entry.name);
    if (entry.isDirectory()) await keepLinksInside(path, from, worktree);
    if (entry.isSymbolicLink()) await keepLinkInside(path, from, worktree);
  }
}

async function keepLinkInside(link: string, from: string, worktree: string): Promise<void> {
  const target = await readlink(link);
  if (!isAbsolute(target) || !isWithin(target, from)) return;
  await rm(link);
  await symlink(join(worktree, relative(from, target)), link);
}
