import { UsageError } from "../../errors.ts";
import type { Commands } from "../command/program.ts";
import { completionScripts } from "../completion/scripts.ts";
import { writeOut } from "../edge/stdio.ts";

/** `ask-codex completion`: what a shell needs to complete the commands and flags of all three programs. `own`: those of `ask-codex`. */
export function completion(shell: string | undefined, own: Commands): number {
  const scripts = completionScripts(own);
  if (shell === undefined || !Object.hasOwn(scripts, shell))
    throw new UsageError(
      shell === undefined ? "completion requires a shell." : `There is no completion for ${shell}.`,
      `It is one of ${Object.keys(scripts).join(", ")}.`,
    );
  writeOut(scripts[shell] ?? "");
  return 0;
}
