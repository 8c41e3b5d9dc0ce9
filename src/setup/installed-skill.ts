import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../bounds/in-batches.ts";
import { isErrno, UsageError } from "../errors.ts";
import { type EntryKind, entriesBelow } from "./folder-entries.ts";
import { type HandCopy, isClone, readHandCopy } from "./hand-copy.ts";
import { MANIFEST, type Manifest, readManifest, sha256 } from "./manifest.ts";
import { manifestOf, type SkillPackage } from "./skill-package.ts";

/** What stands where the skill goes. */
export type Installed = Absent | Foreign | HandCopy | OurSkill;

interface Absent {
  readonly type: "absent";
}

interface Foreign {
  readonly type: "foreign";
  readonly reason: string;
}

export interface OurSkill {
  readonly type: "ours";
  readonly manifest: Manifest;
  /** Files as we have put them there. */
  readonly intact: readonly string[];
  /** Files of ours that someone has changed or replaced. */
  readonly edited: readonly string[];
  readonly missing: readonly string[];
  /** What someone has put beside them. */
  readonly added: readonly string[];
}

/** Looks at the folder of the skill, without following a link in it. */
export async function inspectInstalled(folder: string): Promise<Installed> {
  const foreign = await whyForeign(folder);
  if (foreign !== null) return foreign;
  const found = await readManifest(folder);
  if (found.type === "absent")
    return (await readHandCopy(folder)) ?? { type: "foreign", reason: await whyNone(folder) };
  if (found.type === "corrupt") return { type: "foreign", reason: `its ${MANIFEST} cannot be read` };
  return compare(folder, found.value, await entriesBelow(folder));
}

/**
 * A copy by hand, compared with a package as if that had been installed there: what the two have in common is ours. What else a package
 * holds is taken for ours, too, as long as it is the same: where it stays, Claude Code takes the skill for a plugin.
 */
export async function compareCopy(folder: string, { version }: HandCopy, skill: SkillPackage): Promise<OurSkill> {
  const { files } = manifestOf({ ...skill, files: [...skill.files, ...skill.around] });
  return compare(folder, { name: "ask-codex", version, files }, await entriesBelow(folder));
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
  const same = await inBatches(ours, async ([path, hash]) => {
    if (entries.get(path) !== "file") return false;
    return sha256(await readFile(join(folder, path))) === hash;
  });
  const paths = ours.map(([path]) => path);
  return {
    type: "ours",
    manifest,
    intact: paths.filter((_, index) => same[index]),
    edited: paths.filter((path, index) => entries.has(path) && !same[index]),
    missing: paths.filter((path) => !entries.has(path)),
    added: [...entries.keys()].filter((path) => path !== MANIFEST && !Object.hasOwn(manifest.files, path)),
  };
}
