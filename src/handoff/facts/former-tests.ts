import { messageOf } from "../../errors.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import type { Handoff } from "../document/handoff.ts";
import type { FormerTests, Validation } from "./facts.ts";
import { formerState } from "./former-files.ts";
import { formerJudges, isConfiguration, isTestCommand } from "./former-judges.ts";
import type { TreePair } from "./ignored-watch.ts";
import { inScratch, repeatable } from "./scratch-worktree.ts";
import { type Commands, runValidation } from "./validation.ts";

/** The work as it was judged. */
export interface JudgedWork {
  readonly files: readonly FileChange[];
  readonly trees: TreePair;
  /** What the commands came to in the work tree. */
  readonly validation: readonly Validation[];
  /** Shell scripts that the commands name. */
  readonly scripts: readonly string[];
}

/**
 * Runs validation commands in a worktree of its own, on the work with the tests, and what configures them, as they were before it. Null:
 * the work has changed none of these, or no command that succeeded goes by them. `after` follows each command.
 */
export async function formerTests(
  handoff: Handoff,
  work: PrivateWork,
  { files, trees, validation, scripts }: JudgedWork,
  { place, after }: Commands,
): Promise<FormerTests | null> {
  const judges = formerJudges(handoff, files, scripts);
  if (judges.paths.length + judges.added.length + judges.excepted.length === 0) return null;
  const former = await formerState(handoff, work, judges, { files, trees });
  const { paths, excepted } = former;
  const configured = paths.some((path) => isConfiguration(path) || scripts.includes(path));
  const passed = validation.filter(
    (one) => one.passed && repeatable(one.command) && (configured || isTestCommand(one.command)),
  );
  const told = {
    paths,
    excepted,
    configuration: paths.filter((path) => isConfiguration(path) || scripts.includes(path)),
  };
  if (paths.length === 0 || passed.length === 0)
    return excepted.length === 0 ? null : { ...told, failed: [], unable: null };
  try {
    return await inScratch(work, place, { name: "former", state: "with the former tests" }, async ({ at, put }) => {
      await put(former.tree);
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
