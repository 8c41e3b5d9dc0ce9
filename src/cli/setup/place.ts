import { join, resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import type { SkillPlace } from "../../setup/check-skill.ts";
import { readSkillPackage, type SkillPackage } from "../../setup/skill-package.ts";
import { claudeFolder } from "../edge/environment.ts";
import { currentFolder } from "../edge/folders.ts";
import { homeFolder } from "../edge/home.ts";
import { ownPackage } from "../edge/own-package.ts";
import { VERSION } from "../edge/version.ts";

/**
 * Where Claude Code looks: in its own folder, $CLAUDE_CONFIG_DIR or ~/.claude, or in a project's. The rules name a path of this
 * machine; in a project they go to settings.local.json, which is this user's alone, and not to settings.json, which is everybody's.
 */
export function skillPlace(scope: SkillPlace["scope"]): SkillPlace {
  const here = currentFolder();
  const folder = scope === "user" ? usersFolder(here) : join(here, ".claude");
  const settings = join(folder, scope === "user" ? "settings.json" : "settings.local.json");
  return { scope, skill: join(folder, "skills", "ask-codex"), settings };
}

function usersFolder(here: string): string {
  const own = claudeFolder();
  if (own) return resolve(here, own);
  const home = homeFolder();
  if (home === null)
    throw new UsageError("There is no home folder for Claude Code's skills.", "Set HOME or CLAUDE_CONFIG_DIR.");
  return join(home, ".claude");
}

/** The folder of the package that this program is part of. */
export function packageFolder(): string {
  return ownPackage();
}

export async function ownSkill(): Promise<SkillPackage> {
  return readSkillPackage(packageFolder(), VERSION);
}
