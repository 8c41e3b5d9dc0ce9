import { join } from "node:path";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { inScratchTree, type ScratchTree } from "../../workspace/worktree/scratch-worktree.ts";
import type { ValidationOptions } from "./validation.ts";

export interface Scratch extends Pick<ScratchTree, "put"> {
  /** Where commands run in it. */
  readonly at: ValidationOptions;
}

/** A worktree of its own, as inScratchTree makes it; `state` says what commands in it are about. */
export async function inScratch<Result>(
  work: PrivateWork,
  place: ValidationOptions,
  { name, state }: { readonly name: string; readonly state: string },
  use: (scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const folder = join(place.folder, name);
  await makePrivateFolder(folder);
  const own = { ...work, signal: place.signal };
  return inScratchTree(own, join(folder, `tree-${place.round}`), ({ root, put }) => {
    const checking = (command: string) => place.checking(`${command} (${state})`);
    return use({ at: { ...place, workspace: root, folder, checking }, put });
  });
}

/** Whether a command may run in such a worktree: one that installs would work on the dependencies that are linked there. */
export function repeatable(command: string): boolean {
  return !/\b(?:install|ci|i|add|remove|uninstall|upgrade|update|sync|publish|deploy|push|clean)\b/.test(
    command.replace(/\S*\/\S*/g, ""),
  );
}
