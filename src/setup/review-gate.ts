import { join } from "node:path";
import * as z from "zod/mini";
import { UsageError } from "../errors.ts";
import { shellQuoted } from "../text/quote.ts";
import { readSettings, removeSettings, type Settings, settingsText, writeSettings } from "./settings-file.ts";

/** Adds the hook that reviews before Claude stops, once, and keeps everything else. Resolves with whether it was missing. */
export async function addGate(path: string, skill: string): Promise<boolean> {
  const { settings, layout } = await readSettings(path);
  if (isIn(settings, skill)) return false;
  const hook = { type: "command", command: `${ownCommand(skill)} ${BOUNDS}`, timeout: HOOK_SECONDS };
  const hooks = { ...settings.hooks, Stop: [...stopsOf(settings), { hooks: [hook] }] };
  await writeSettings(path, { ...settings, hooks }, layout);
  return true;
}

/** Adds the hook, then does what it is for; when that fails it goes again, as the rules of `withRules` do. */
export async function withGate<T>(path: string, skill: string, act: () => Promise<T>): Promise<T> {
  const added = await addGate(path, skill);
  try {
    return await act();
  } catch (error) {
    if (added) await removeGate(path, skill);
    throw error;
  }
}

/** Whether `addGate` would add it. @throws UsageError when the settings cannot be read, and so not be added to */
export async function lacksGate(path: string, skill: string): Promise<boolean> {
  return !isIn((await readSettings(path)).settings, skill);
}

/** Whether the hook is there. Settings that cannot be read and do not even name it have none. @throws UsageError */
export async function hasGate(path: string, skill: string): Promise<boolean> {
  try {
    return !(await lacksGate(path, skill));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if ((await settingsText(path)).includes(JSON.stringify(ownCommand(skill)).slice(1, -1))) throw error;
    return false;
  }
}

/** Takes the hook out, and what is empty then. Resolves with whether it was there. */
export async function removeGate(path: string, skill: string): Promise<boolean> {
  if (!(await hasGate(path, skill))) return false;
  const { settings, layout } = await readSettings(path);
  const { hooks = {}, ...others } = settings;
  const { Stop: _, ...otherHooks } = hooks;
  const left = stopsOf(settings).filter((group) => !isOurs(group, skill));
  const now = left.length > 0 ? { ...hooks, Stop: left } : otherHooks;
  const kept = Object.keys(now).length > 0 ? { ...settings, hooks: now } : others;
  if (Object.keys(kept).length > 0) await writeSettings(path, kept, layout);
  else await removeSettings(path);
  return true;
}

// A person may set other bounds: the hook is known by the command before them.
const BOUNDS = "--quiet --fail-on blocker --max-turns 10 --timeout 600";

// Longer than the review may take, its end included.
const HOOK_SECONDS = 720;

function ownCommand(skill: string): string {
  return `${shellQuoted(join(skill, "scripts", "ask_codex"))} review gate`;
}

function stopsOf({ hooks }: Settings["settings"]): readonly unknown[] {
  return hooks?.Stop ?? [];
}

function isIn(settings: Settings["settings"], skill: string): boolean {
  return stopsOf(settings).some((group) => isOurs(group, skill));
}

const ownGroup = z.object({ hooks: z.tuple([z.looseObject({ command: z.string() })]) });

/** A group that a person has added a hook to is not ours any more. */
function isOurs(group: unknown, skill: string): boolean {
  const parsed = ownGroup.safeParse(group);
  return parsed.success && parsed.data.hooks[0].command.startsWith(`${ownCommand(skill)} `);
}
