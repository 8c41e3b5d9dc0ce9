import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { isShellName, LIBRARY } from "../completion/library.ts";
import { completionScript } from "../completion/script.ts";
import { ownPackage } from "../edge/own-package.ts";
import { printAtOnce } from "../edge/stdio.ts";

/** `ask-codex completion`: what a shell needs to complete the commands and flags of all three programs. */
export function completion(shell: string | undefined): number {
  if (shell === undefined || !isShellName(shell))
    throw new UsageError(
      shell === undefined ? "completion requires a shell." : `There is no completion for ${shell}.`,
      `It is one of ${Object.keys(LIBRARY).join(", ")}.`,
    );
  printAtOnce(completionScript(shell, join(ownPackage(), "scripts", "ask-codex")));
  return 0;
}
