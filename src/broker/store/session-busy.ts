import { AskCodexError } from "../../errors.ts";
import { shortOwn } from "../../files/state-paths.ts";

/** The refusal when the other session works in the same work tree. `otherwise`: the alternative to waiting. */
export function sessionBusy(other: string, otherwise: string): AskCodexError {
  const hint = `Wait for it (codex_broker wait ${shortOwn(other)}), ${otherwise}`;
  // Whole, for a script that looks for it.
  return new AskCodexError("session_busy", `broker session ${other} works in the same work tree`, { hint });
}

/** What two sessions must not both write in: the work tree around the workspace, or the workspace itself where there is none. */
export async function treeOf(workspace: string): Promise<string> {
  // Only now: most messages find no other session at work, and need no git.
  const { findWorkTree } = await import("../../workspace/git/find-work-tree.ts");
  return (await findWorkTree(workspace))?.root ?? workspace;
}
