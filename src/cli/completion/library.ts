import { bash, fish, type ShellCompletion, zsh } from "@optique/core/completion";

/** A script for each shell, which asks for what can come next without running what is typed; and the form that it reads. */
export const LIBRARY = { bash, zsh, fish } satisfies Record<string, ShellCompletion>;

export type ShellName = keyof typeof LIBRARY;

export function isShellName(word: string): word is ShellName {
  return Object.hasOwn(LIBRARY, word);
}
