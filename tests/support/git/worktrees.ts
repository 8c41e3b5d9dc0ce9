import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addWorktree, type ManagedWorktree } from "../../../src/workspace/worktree/managed-worktree.ts";
import { patchOf, type WorktreePatch } from "../../../src/workspace/worktree/patch.ts";
import { type Application, applyPatch } from "../../../src/workspace/write/apply-patch.ts";
import { type Repository, repositoryAt, scratchFolder, workTreeOf } from "./repository.ts";

/** A managed worktree of a repository, to be edited like one. */
export interface Session extends Repository {
  readonly worktree: ManagedWorktree;
  patch(): Promise<WorktreePatch>;
}

export async function openSession(repository: Repository): Promise<Session> {
  const worktree = await addWorktree(await workTreeOf(repository.root), join(scratchFolder("state"), "worktree"));
  return { ...repositoryAt(worktree.folder), worktree, patch: () => patchOf(worktree, scratchFolder("run")) };
}

/** What an edit in a worktree comes to as a patch. */
export async function patchFrom(repository: Repository, edit: (worktree: Session) => unknown): Promise<WorktreePatch> {
  const session = await openSession(repository);
  await edit(session);
  return session.patch();
}

export async function apply(
  repository: Repository,
  patch: Pick<WorktreePatch, "base" | "patch">,
  folder = scratchFolder("apply"),
): Promise<Application> {
  return applyPatch(await workTreeOf(repository.root), patch, folder);
}

/** `kind path`, with the former path of a renamed file. */
export function kindsOf({ files }: { readonly files: WorktreePatch["files"] }): string[] {
  return files.map(({ kind, path, from }) => (from === undefined ? `${kind} ${path}` : `${kind} ${from} -> ${path}`));
}

/** Every file below a folder with mode and content, but for those whose path the filter refuses. */
function contentsOf(folder: string, counts: (path: string) => boolean = () => true): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(counts).sort();
  return new Map(
    paths.map((path) => {
      const stats = lstatSync(join(folder, path));
      const content = stats.isFile() ? readFileSync(join(folder, path)) : "";
      return [path, `${stats.mode.toString(8)} ${createHash("sha256").update(content).digest("hex")}`];
    }),
  );
}

/** All of the repository but for what git keeps of its worktrees: index, refs, logs, objects, stash, settings. */
export function repositoryState({ root }: Repository): Map<string, string> {
  return contentsOf(join(root, ".git"), (path) => path !== "worktrees" && !path.startsWith("worktrees/"));
}

/** The files that lie in the work tree. */
export function filesOf({ root }: Repository): Map<string, string> {
  return contentsOf(root, (path) => path !== ".git" && !path.startsWith(".git/"));
}

/** The files after plain git has applied the patch to a fresh checkout of its base. */
export function applied(repository: Repository, { base, patch }: { base: string; patch: Buffer }): Map<string, string> {
  const checkout = repositoryAt(join(scratchFolder(), "checkout"));
  repository.git("worktree", "add", "--quiet", "--detach", checkout.root, base);
  const file = join(scratchFolder(), "file.patch");
  writeFileSync(file, patch);
  checkout.git("apply", "--index", file);
  return filesOf(checkout);
}
