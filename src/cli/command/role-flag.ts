import { join } from "node:path";
import type { Role } from "../../ask/prompt/role.ts";
import { UsageError } from "../../errors.ts";
import { ownPackage } from "../edge/own-package.ts";
import type { SettingsFlags } from "./turn-options.ts";

/**
 * The role that `--role` names, for Codex at work in this folder; null without the flag.
 * @throws UsageError
 */
export async function roleFrom({ role }: Pick<SettingsFlags, "role">, workspace: string): Promise<Role | null> {
  if (role === undefined) return null;
  // It speaks of tools that no other session has.
  if (role === "orchestrator")
    throw new UsageError("--role orchestrator is for orchestrations: codex_broker orchestrate.");
  const { loadRole } = await import("../../ask/prompt/role.ts");
  return loadRole(role, { own: join(ownPackage(), "roles"), workspace });
}
