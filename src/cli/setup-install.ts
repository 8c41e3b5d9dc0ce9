import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type Installation, installSkill, planInstallation } from "../setup/install-skill.ts";
import { addRules, missingRules, permissionRules } from "../setup/permission-rules.ts";
import type { SetupFlags } from "./setup-commands.ts";
import { lines, tell } from "./setup-lines.ts";
import { ownSkill, packageFolder, skillPlace } from "./setup-place.ts";
import { cancelOnSignals } from "./signals.ts";

/** `ask-codex install`: the skill, and with --allow its rules. A settings file that cannot be read is found out before anything. */
export async function install({ project, dryRun, allow }: SetupFlags): Promise<number> {
  const { skill: folder, settings } = skillPlace(project ? "project" : "user");
  const rules = permissionRules(folder);
  const missing = allow ? await missingRules(settings, rules) : [];
  const own = await ownSkill();
  const isItself = packageFolder() === (await realpath(folder).catch(() => null));
  // A signal in the middle must leave a whole skill behind, old or new; it takes a moment.
  if (!dryRun) cancelOnSignals();
  const done = isItself ? ITSELF : await (dryRun ? planInstallation : installSkill)(own, folder);
  if (!dryRun && missing.length > 0) await addRules(settings, rules);
  const kept = done.kept.filter(({ from, to }) => from !== to).map(({ to }) => join(folder, to));
  const pairs: [string, string | number | null][] = [
    ["status", dryRun ? `would_be_${done.action}` : done.action],
    ["version", own.version],
    ["previous_version", done.before === own.version ? null : done.before],
    ["skill", folder],
    ["files", own.files.length],
    ...kept.map((path): [string, string] => ["kept", path]),
    ["settings", allow ? settings : null],
    ["rules_added", allow ? missing.length : null],
    ...missing.map((rule): [string, string] => [dryRun ? "would_add" : "rule", rule]),
  ];
  process.stdout.write(lines(pairs));
  if (isItself)
    tell("This is the installed copy itself: nothing to copy. For a newer one: npx ask-codex@latest install");
  else tell(SAID[done.action](dryRun, own.version, folder));
  for (const path of kept) tell(`Your own version ${dryRun ? "would be kept" : "is kept"} as ${path}`);
  if (!allow && done.action === "installed")
    tell("Claude Code will ask before it runs the commands; install --allow adds a permission rule for each.");
  return 0;
}

const ITSELF: Installation = { action: "current", before: null, kept: [] };

const SAID: Readonly<Record<Installation["action"], (dryRun: boolean, version: string, folder: string) => string>> = {
  installed: (dryRun, version, folder) => `${dryRun ? "Would install" : "Installed"} ${version} in ${folder}`,
  updated: (dryRun, version, folder) => `${dryRun ? "Would update" : "Updated"} ${folder} to ${version}`,
  current: (_, version, folder) => `${folder} has ${version} already; nothing to do.`,
};
