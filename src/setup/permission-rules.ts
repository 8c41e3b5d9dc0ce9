import { UsageError } from "../errors.ts";
import { readSettings, removeSettings, type Settings, settingsText, writeSettings } from "./settings-file.ts";

export interface RulesChange {
  readonly path: string;
  /** The rules that were added or taken out; none when everything was as it should be. */
  readonly rules: readonly string[];
}

/** Which of the rules a settings file does not have yet. @throws UsageError when it cannot be read as settings */
export async function missingRules(path: string, rules: readonly string[]): Promise<readonly string[]> {
  const allow = allowed((await readSettings(path)).settings);
  return rules.filter((rule) => !allow.includes(rule));
}

/** Adds the rules to a settings file and keeps everything else in it. @throws UsageError as `missingRules` does */
export async function addRules(path: string, rules: readonly string[]): Promise<RulesChange> {
  const { settings, layout } = await readSettings(path);
  const allow = allowed(settings);
  const missing = rules.filter((rule) => !allow.includes(rule));
  if (missing.length === 0) return { path, rules: [] };
  const permissions = { ...settings.permissions, allow: [...allow, ...missing] };
  await writeSettings(path, { ...settings, permissions }, layout);
  return { path, rules: missing };
}

/** Adds the rules, then does what they are for; when that fails they go again, so that it is all done or nothing. */
export async function withRules<T>(path: string, rules: readonly string[], act: () => Promise<T>): Promise<T> {
  // Settings that no one has asked us to change may be broken.
  if (rules.length === 0) return act();
  const added = await addRules(path, rules);
  try {
    return await act();
  } catch (error) {
    await removeRules(path, added.rules);
    throw error;
  }
}

/** Which of the rules a settings file has. Settings that cannot be read and do not even name them are nothing to us. */
export async function presentRules(path: string, rules: readonly string[]): Promise<readonly string[]> {
  try {
    const allow = allowed((await readSettings(path)).settings);
    return rules.filter((rule) => allow.includes(rule));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const text = await settingsText(path);
    if (rules.some((rule) => text.includes(JSON.stringify(rule)))) throw error;
    return [];
  }
}

/** Takes the rules out, and what is empty then: a list, an object, a file of our own making. */
export async function removeRules(path: string, rules: readonly string[]): Promise<RulesChange> {
  const present = await presentRules(path, rules);
  if (present.length === 0) return { path, rules: [] };
  const { settings, layout } = await readSettings(path);
  const allow = allowed(settings);
  const { permissions = {}, ...others } = settings;
  const { allow: _, ...otherPermissions } = permissions;
  const left = allow.filter((rule) => !present.some((one) => one === rule));
  const now = left.length > 0 ? { ...permissions, allow: left } : otherPermissions;
  const kept = Object.keys(now).length > 0 ? { ...settings, permissions: now } : others;
  if (Object.keys(kept).length > 0) await writeSettings(path, kept, layout);
  else await removeSettings(path);
  return { path, rules: present };
}

function allowed({ permissions }: Settings["settings"]): readonly unknown[] {
  return permissions?.allow ?? [];
}
