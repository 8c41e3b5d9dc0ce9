import type { PrivateWork } from "../../workspace/git/private-git.ts";
import type { Validation } from "./facts.ts";
import { inScratch, repeatable } from "./scratch-worktree.ts";
import { type Commands, runValidation } from "./validation.ts";

/** The state from before the work. */
export interface Before {
  readonly tree: string;
  /** The work changed nothing. */
  readonly unchanged: boolean;
  /** What is known of commands there, by the tree and the command; grows. */
  readonly known: Map<string, boolean>;
}

/** The commands, and of those that fail whether they succeeded before the work. Each is run once on that state, in a worktree of its own. */
export async function withBefore(
  validation: readonly Validation[],
  work: PrivateWork,
  { tree, unchanged, known }: Before,
  { place, after }: Commands,
): Promise<readonly Validation[]> {
  const keyOf = (command: string) => `${tree}\0${command}`;
  // A command that did not finish here would not finish there either, for all that we know.
  const failed = validation.filter((one) => !one.passed && one.exitCode !== null && repeatable(one.command));
  if (unchanged) return validation.map((one) => (failed.includes(one) ? { ...one, passedBefore: false } : one));
  const open = failed.map(({ command }) => command).filter((command) => !known.has(keyOf(command)));
  if (open.length > 0 && !place.signal.aborted) {
    const ran = await inScratch(work, place, { name: "before", state: "before the work" }, async ({ at, put }) => {
      await put(tree);
      return runValidation([...new Set(open)], at, after);
    }).catch(() => []); // Without a commit there is no worktree: then it is not known.
    if (!place.signal.aborted)
      for (const { command, passed, exitCode } of ran) if (exitCode !== null) known.set(keyOf(command), passed);
  }
  return validation.map((one) =>
    failed.includes(one) ? { ...one, passedBefore: known.get(keyOf(one.command)) ?? null } : one,
  );
}
