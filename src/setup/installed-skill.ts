import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../bounds/in-batches.ts";
import { isErrno, UsageError } from "../errors.ts";
import { readJson } from "../files/json-file.ts";
import { type EntryKind, entriesBelow } from "./folder-entries.ts";
import { type HandCopy, isClone, readHandCopy } from "./hand-copy.ts";
import { MANIFEST, type Manifest, manifestForm, readManifest, sha256 } from "./manifest.ts";
import { FILE_LIST, manifestOf, type SkillPackage } from "./skill-package.ts";

/** What stands where the skill goes. */
export type Installed = Absent | Foreign | HandCopy | OurSkill | Remains;

interface Absent {
  readonly type: "absent";
}

interface Foreign {
  readonly type: "foreign";
  readonly reason: string;
}

/** What `uninstall` has kept of it: a manifest that names no file stands for the skill that was there. */
interface Remains {
  readonly type: "remains";
  readonly version: string;
  /** Someone's own files. */
  readonly added: readonly string[];
}

export interface OurSkill {
  readonly type: "ours";
  readonly manifest: Manifest;
  /** Files as we have put them there. */
  readonly intact: readonly string[];
  /** Files of ours that someone has changed or replaced. */
  readonly edited: readonly string[];
  readonly missing: readonly string[];
  /** Files of ours that are empty or half now, and programs that are others: no one has made them so on purpose. */
  readonly damaged: readonly string[];
  /** What someone has put beside them. */
  readonly added: readonly string[];
}

/** What is to be put there anew. */
export function lostOf({ missing, damaged }: Pick<OurSkill, "missing" | "damaged">): readonly string[] {
  return [...missing, ...damaged];
}

/** The same in words; null when nothing is. */
export function lossOf({ missing, damaged }: Pick<OurSkill, "missing" | "damaged">): string | null {
  const told = (paths: readonly string[], what: string) =>
    paths.length === 0 ? [] : [`${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} ${what}`];
  const loss = [...told(missing, "missing"), ...told(damaged, "damaged")];
  return loss.length === 0 ? null : loss.join(", ");
}

/** Looks at the folder of the skill, without following a link in it. */
export async function inspectInstalled(folder: string): Promise<Installed> {
  const foreign = await whyForeign(folder);
  if (foreign !== null) return foreign;
  const found = await readManifest(folder);
  if (found.type === "absent")
    return (await readHandCopy(folder)) ?? { type: "foreign", reason: await whyNone(folder) };
  if (found.type === "corrupt") return { type: "foreign", reason: `its ${MANIFEST} cannot be read` };
  const ours = await compare(folder, found.value, await entriesBelow(folder));
  // With nothing of anyone's in it, it is an installation that has lost everything.
  if (Object.keys(found.value.files).length > 0 || ours.added.length === 0) return ours;
  return { type: "remains", version: found.value.version, added: ours.added };
}

/**
 * A copy by hand, compared with a package as if that had been installed there: what the two have in common is ours. What else a package
 * holds is taken for ours, too, as long as it is the same: where it stays, Claude Code takes the skill for a plugin.
 */
export async function compareCopy(folder: string, { version }: HandCopy, skill: SkillPackage): Promise<OurSkill> {
  const { files } = manifestOf({ ...skill, files: [...skill.files, ...skill.around] });
  return compare(folder, { name: "ask-codex", version, files }, await entriesBelow(folder));
}

/** A copy by hand, compared with the list that came with it; null without one. */
export async function compareWithList(folder: string): Promise<OurSkill | null> {
  const list = await readJson(join(folder, FILE_LIST), manifestForm);
  return list.type === "valid" ? compare(folder, list.value, await entriesBelow(folder)) : null;
}

/** @throws UsageError when what stands there is not ours */
export function requireOurs<T extends Installed>(installed: T, folder: string): Exclude<T, Foreign> {
  if (installed.type !== "foreign") return installed as Exclude<T, Foreign>;
  throw new UsageError(
    `${folder} is not ours (${installed.reason}), and is left alone.`,
    "Move it away, then run this again.",
  );
}

async function whyNone(folder: string): Promise<string> {
  return (await isClone(folder)) ? "it is a git clone, which git keeps up to date" : `there is no ${MANIFEST} in it`;
}

async function whyForeign(folder: string): Promise<Absent | Foreign | null> {
  try {
    const entry = await lstat(folder);
    if (entry.isSymbolicLink()) return { type: "foreign", reason: `it is a link to ${await readlink(folder)}` };
    return entry.isDirectory() ? null : { type: "foreign", reason: "it is not a folder" };
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return { type: "absent" };
    throw error;
  }
}

async function compare(folder: string, manifest: Manifest, entries: ReadonlyMap<string, EntryKind>): Promise<OurSkill> {
  const ours = Object.entries(manifest.files);
  const fates = await inBatches(ours, ([path, hash]) => fateOf(folder, path, hash, entries.get(path)));
  const those = (fate: Fate) => ours.flatMap(([path], index) => (fates[index] === fate ? [path] : []));
  return {
    type: "ours",
    manifest,
    intact: those("intact"),
    edited: those("edited"),
    missing: those("missing"),
    damaged: those("damaged"),
    added: [...entries.keys()].filter((path) => path !== MANIFEST && !Object.hasOwn(manifest.files, path)),
  };
}

type Fate = "intact" | "edited" | "missing" | "damaged";

async function fateOf(folder: string, path: string, hash: string, kind: EntryKind | undefined): Promise<Fate> {
  if (kind === undefined) return "missing";
  if (kind !== "file") return "edited";
  const content = await readFile(join(folder, path));
  if (sha256(content) === hash) return "intact";
  return content.length === 0 || path.startsWith("scripts/") ? "damaged" : "edited";
}
