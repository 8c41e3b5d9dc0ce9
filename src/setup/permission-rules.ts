import { lstatSync, realpathSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { AskCodexError, isErrno, messageOf, UsageError } from "../errors.ts";
import { isWithin } from "../files/is-within.ts";
import { parseShallowJson } from "../files/json-line.ts";
import { exists } from "../files/look.ts";
import { realFolder, realPlace } from "../files/real-place.ts";
import { PlaceRefused, replaceAt } from "../files/write-place.ts";

export interface RulesChange {
  readonly path: string;
  /** The rules that were added or taken out; none when everything was as it should be. */
  readonly rules: readonly string[];
}

/** Which of the rules a settings file does not have yet. @throws UsageError when it cannot be read as settings */
export async function missingRules(path: string, rules: readonly string[]): Promise<readonly string[]> {
  const { allow } = await readSettings(path);
  return rules.filter((rule) => !allow.includes(rule));
}

/** Adds the rules to a settings file and keeps everything else in it. @throws UsageError as `missingRules` does */
export async function addRules(path: string, rules: readonly string[]): Promise<RulesChange> {
  const { settings, allow, layout } = await readSettings(path);
  const missing = rules.filter((rule) => !allow.includes(rule));
  if (missing.length === 0) return { path, rules: [] };
  const permissions = { ...settings.permissions, allow: [...allow, ...missing] };
  await write(path, { ...settings, permissions }, layout);
  return { path, rules: missing };
}

/** Adds the rules, then does what they are for; when that fails they go again, so that it is all done or nothing. */
export async function withRules<T>(path: string, rules: readonly string[], act: () => Promise<T>): Promise<T> {
  // Settings that nobody has asked us to change may be broken.
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
    const { allow } = await readSettings(path);
    return rules.filter((rule) => allow.includes(rule));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const text = await readFile(path, "utf8").catch(() => "");
    if (rules.some((rule) => text.includes(JSON.stringify(rule)))) throw error;
    return [];
  }
}

/** Takes the rules out, and what is empty then: a list, an object, a file of our own making. */
export async function removeRules(path: string, rules: readonly string[]): Promise<RulesChange> {
  const present = await presentRules(path, rules);
  if (present.length === 0) return { path, rules: [] };
  const { settings, allow, layout } = await readSettings(path);
  const { permissions = {}, ...others } = settings;
  const { allow: _, ...otherPermissions } = permissions;
  const left = allow.filter((rule) => !present.some((one) => one === rule));
  const now = left.length > 0 ? { ...permissions, allow: left } : otherPermissions;
  const kept = Object.keys(now).length > 0 ? { ...settings, permissions: now } : others;
  if (Object.keys(kept).length > 0) await write(path, kept, layout);
  else await orUsage(path, () => rm(path));
  return { path, rules: present };
}

// Whatever else is in there is Claude Code's business and passes through.
const settingsFile = z.looseObject({
  permissions: z.optional(z.looseObject({ allow: z.optional(z.array(z.unknown())) })),
});

interface Settings {
  readonly settings: z.infer<typeof settingsFile>;
  readonly allow: readonly unknown[];
  /** How the file is laid out, to be written the same way. */
  readonly layout: { readonly indent: string; readonly end: string };
}

async function readSettings(path: string): Promise<Settings> {
  const text = await orUsage(path, () => readIfThere(path));
  const layout = {
    indent: /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? "  ",
    end: text === "" || text.endsWith("\n") ? "\n" : "",
  };
  const raw = text === "" ? {} : parse(path, text);
  const checked = settingsFile.safeParse(raw);
  if (!checked.success) throw unreadable(path, checked.error.issues[0]?.path.join(".") || "no object");
  // As it was read: what a schema returns has its keys in another order.
  const settings = raw as z.infer<typeof settingsFile>;
  return { settings, allow: settings.permissions?.allow ?? [], layout };
}

/** An empty file is one without settings. */
async function readIfThere(path: string): Promise<string> {
  try {
    const text = await readFile(path, "utf8");
    return text.trim() === "" ? "" : text;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "";
    throw error;
  }
}

function parse(path: string, text: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    throw unreadable(path, messageOf(error));
  }
}

function unreadable(path: string, reason: string): UsageError {
  return new UsageError(
    `${path} is not valid as settings (${reason}), and is left alone.`,
    "Fix it, then run this again.",
  );
}

async function write(path: string, settings: object, { indent, end }: Settings["layout"]): Promise<void> {
  await orUsage(path, async () => {
    const place = settingsPlace(path);
    const mode = (await exists(place)) ? (await stat(place)).mode & 0o777 : undefined;
    replaceAt(place, `${JSON.stringify(settings, null, indent)}${end}`, mode === undefined ? {} : { mode });
  });
}

/** Settings may be a link, as some keep theirs; one that leads out of the home or the project is not followed. */
function settingsPlace(path: string): string {
  const home = dirname(dirname(path));
  const place = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    ? realpathSync(path)
    : realPlace(path, home);
  if (isWithin(place, realFolder(home))) return place;
  throw new PlaceRefused(path, `is a link that leads out of ${home}`);
}

async function orUsage<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AskCodexError) throw error;
    throw new UsageError(`${path}: ${messageOf(error)}.`, "Fix that, then run this again.");
  }
}
