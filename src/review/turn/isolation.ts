import { dirname } from "node:path";
import type { AskPlan } from "../../ask/model/plan.ts";
import { ALONE } from "../../codex/launch.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";

/** The plan of a turn in this place, which nothing there configures. */
export function planIn(
  plan: AskPlan,
  { tree, workspace, mode }: { readonly tree: WorkTree; readonly workspace: string; readonly mode: WritingMode },
): AskPlan {
  const config = [...plan.config, ...isolationConfig(tree, workspace)];
  return { ...plan, workspace, sandbox: { mode, network: false, addDirs: [] }, config };
}

type WritingMode = "read-only" | "workspace-write";

/**
 * Settings that keep a reviewed change from configuring its own review. A `.codex` folder counts only where the repository is trusted,
 * and AGENTS.md is read up to a limit: neither holds here, in every supported version, whatever the user trusts otherwise.
 */
function isolationConfig({ root, commonDir }: WorkTree, workspace: string): readonly string[] {
  const places = [...new Set([workspace, root, dirname(commonDir)])];
  const untrusted = places.map((place) => `${JSON.stringify(place)}={trust_level="untrusted"}`);
  return [`projects={${untrusted.join(",")}}`, "project_doc_max_bytes=0", ...ALONE];
}

/** Whether a changed file gives Codex or us instructions. */
export function isConfiguration(path: string): boolean {
  return /(?:^|\/)(?:AGENTS(?:\.override)?\.md|CLAUDE\.md)$|(?:^|\/)\.(?:codex|ask-codex|claude|agents)\//.test(path);
}
