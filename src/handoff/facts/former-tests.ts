import { messageOf } from "../../errors.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import { changedEntries, type Entry, putEntries } from "../../workspace/git/tree-entries.ts";
import type { Handoff } from "../document/handoff.ts";
import type { FormerTests, Validation } from "./facts.ts";
import { type FormerJudges, formerJudges, isConfiguration, isTestCommand } from "./former-judges.ts";
import type { TreePair } from "./ignored-watch.ts";
import { withMovedImports } from "./moved-imports.ts";
import { inScratch, repeatable } from "./scratch-worktree.ts";
import { runValidation, type ValidationPlace } from "./validation.ts";

/** The work as it was judged. */
export interface JudgedWork {
  readonly files: readonly FileChange[];
  readonly trees: TreePair;
  /** What the commands came to in the work tree. */
  readonly validation: readonly Validation[];
}

/**
 * Runs validation commands in a worktree of its own, on the work with the tests, and what configures them, as they were before it. Null:
 * the work has changed none of these, or no command that succeeded goes by them. `after` follows each command.
 */
export async function formerTests(
  handoff: Handoff,
  work: PrivateWork,
  { files, trees, validation }: JudgedWork,
  place: ValidationPlace,
  after: (command: string) => Promise<void>,
): Promise<FormerTests | null> {
  const judges = formerJudges(handoff, files);
  const configured = [...judges.paths, ...judges.added].some(isConfiguration);
  const passed = validation.filter(
    (one) => one.passed && repeatable(one.command) && (configured || isTestCommand(one.command)),
  );
  const told = { paths: [...judges.paths, ...judges.added].sort(), excepted: judges.excepted };
  if (told.paths.length === 0 || passed.length === 0)
    return judges.excepted.length === 0 ? null : { ...told, failed: [], unable: null };
  try {
    return await inScratch(work, place, { name: "former", state: "with the former tests" }, async ({ at, put }) => {
      await put(await withFormer(work, trees, judges, files));
      const failed = (
        await runValidation(
          passed.map(({ command }) => command),
          at,
          after,
        )
      ).filter((one) => !one.passed);
      if (failed.length === 0) return { ...told, failed, unable: null };
      // What fails here with the work's own tests too says nothing of it.
      await put(trees.after);
      const commands = failed.map(({ command }) => command);
      const able = (await runValidation(commands, at, after)).filter((one) => one.passed);
      const telling = failed.filter(({ command }) => able.some((one) => one.command === command));
      const unable = telling.length > 0 ? null : "the commands fail in a worktree of its own whatever is tested";
      return { ...told, failed: telling, unable };
    });
  } catch (error) {
    if (place.signal.aborted) return null;
    return { ...told, failed: [], unable: messageOf(error) };
  }
}

/** The tree of the work with these files as they were before it, and without those. */
async function withFormer(
  work: PrivateWork,
  { before, after }: TreePair,
  { paths, added }: FormerJudges,
  files: readonly FileChange[],
): Promise<string> {
  const git = privateGit(work, "index.former");
  await git(["read-tree", after]);
  const wanted = new Set([...paths, ...added]);
  const changes = await changedEntries(git, after, before, { renames: false });
  const former = new Map(changes.filter(({ path }) => wanted.has(textOf(path))).map((one) => [one.path, one.after]));
  await putEntries(git, former);
  const texts = await readBlobs(work, before, paths);
  const moved = new Map<string, Entry>();
  for (const [name, entry] of former) {
    const text = texts.get(textOf(name));
    const there = text && withMovedImports(textOf(name), text, files);
    if (entry === null || !there || there === text) continue;
    const id = (await git(["hash-object", "-w", "--stdin"], Buffer.from(there))).trim();
    moved.set(name, { ...entry, id });
  }
  await putEntries(git, moved);
  return treeOfIndex(git);
}
