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
  const { newTests } = judges;
  if (judges.paths.length + judges.added.length + judges.excepted.length + newTests.length === 0) return null;
  const stateWith = (added: readonly string[]) => formerState(handoff, work, { ...judges, added }, { files, trees });
  const former = await stateWith([...judges.added, ...newTests]);
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
      const able = await passing(failed, at, after);
      const telling = failed.filter(({ command }) => able.has(command));
      if (telling.length === 0) return { ...told, failed: [], unable: UNABLE };
      // Without the new tests there may be none to run, as before the work: then what is new stays.
      if (newTests.length > 0) await put(trees.before);
      const before = newTests.length > 0 ? await passing(telling, at, after) : able;
      const open = telling.filter(({ command }) => !before.has(command));
      if (open.length > 0) await put((await stateWith([])).tree);
      const kept = await passing(open, at, after);
      const left = telling.filter(({ command }) => !kept.has(command));
      const isNamed = (command: string) => newTests.some((path) => command.includes(path));
      const unnamed = [...kept].filter((command) => !isNamed(command));
      return { ...told, failed: left, unable: left.length === 0 && unnamed.length > 0 ? NEW_ALONE : null };
    });
  } catch (error) {
    if (place.signal.aborted) return null;
    return { ...told, failed: [], unable: messageOf(error) };
  }
}

const NEW_ALONE = "without the new tests the commands fail, after the work as before it";
const UNABLE = "the commands fail in a worktree of its own whatever is tested";

async function passing(
  commands: readonly Validation[],
  at: Commands["place"],
  after: Commands["after"],
): Promise<ReadonlySet<string>> {
  const ran = await runValidation(
    commands.map(({ command }) => command),
    at,
    after,
  );
  return new Set(ran.flatMap(({ command, passed }) => (passed ? [command] : [])));
}
