import { lstatSync, realpathSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { AskCodexError, asRefused, isErrno, messageOf, UsageError } from "../errors.ts";
import { isWithin } from "../files/is-within.ts";
import { parseShallowJson } from "../files/json-line.ts";
import { exists } from "../files/look.ts";
import { realFolder, realPlace } from "../files/real-place.ts";
import { PlaceRefused, replaceAt } from "../files/write-place.ts";

// Whatever else is in there is Claude Code's business and passes through.
const settingsFile = z.looseObject({
  permissions: z.optional(z.looseObject({ allow: z.optional(z.array(z.unknown())) })),
  hooks: z.optional(z.looseObject({ Stop: z.optional(z.array(z.unknown())) })),
});

export interface Settings {
  readonly settings: z.infer<typeof settingsFile>;
  /** How the file is laid out, to be written the same way. */
  readonly layout: { readonly indent: string; readonly end: string };
}

/** The settings of a file; an absent or empty one has none. @throws UsageError when it cannot be read as settings */
export async function readSettings(path: string): Promise<Settings> {
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
  return { settings, layout };
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

/** Writes settings in the layout that they had. @throws UsageError */
export async function writeSettings(
  path: string,
  settings: object,
  { indent, end }: Settings["layout"],
): Promise<void> {
  await orUsage(path, async () => {
    const place = settingsPlace(path);
    const mode = (await exists(place)) ? (await stat(place)).mode & 0o777 : undefined;
    replaceAt(place, `${JSON.stringify(settings, null, indent)}${end}`, mode === undefined ? {} : { mode });
  });
}

/** @throws UsageError */
export async function removeSettings(path: string): Promise<void> {
  await orUsage(path, () => rm(path));
}

/** What stands in the file, whatever it is. */
export async function settingsText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
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
    throw asRefused(error, `${path}: ${messageOf(error)}.`, "Fix that, then run this again.");
  }
}
