import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { completionScript, SHELLS } from "../completion/script.ts";
import { ownPackage } from "../edge/own-package.ts";
import { printAtOnce } from "../edge/stdio.ts";

/** `ask-codex completion`: what a shell needs to complete the commands and flags of all three programs. */
export function completion(shell: string | undefined): number {
  const known = shell !== undefined && Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (known === undefined)
    throw new UsageError(
      shell === undefined ? "completion requires a shell." : `There is no completion for ${shell}.`,
      `It is one of ${Object.keys(SHELLS).join(", ")}.`,
    );
  printAtOnce(completionScript(known, join(ownPackage(), "scripts", "ask-codex")));
  return 0;
}
