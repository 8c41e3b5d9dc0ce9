import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareCopy, inspectInstalled, lostOf, type OurSkill, requireOurs } from "./installed-skill.ts";
import { MANIFEST } from "./manifest.ts";
import { manifestOf, type SkillPackage } from "./skill-package.ts";
import { copyEntry, swapIn, withWorkshop } from "./workshop.ts";

export interface Installation {
  /** Adopted: a copy that someone had made by hand. */
  readonly action: "installed" | "updated" | "adopted" | "current";
  /** The version that was there before. */
  readonly before: string | null;
  /** Someone's own files and edits, by the path each has now. */
  readonly kept: readonly Kept[];
}

export interface Kept {
  readonly from: string;
  readonly to: string;
}

/** What `installSkill` would do, without doing it. @throws UsageError when what stands there is not ours */
export async function planInstallation(skill: SkillPackage, folder: string): Promise<Installation> {
  const installed = requireOurs(await inspectInstalled(folder), folder);
  switch (installed.type) {
    case "absent":
      return { action: "installed", before: null, kept: [] };
    case "remains":
      return {
        ...{ action: "installed", before: null },
        kept: keep(Object.keys(manifestOf(skill).files), [], installed.added),
      };
    case "copy":
      return replace(skill, await compareCopy(folder, installed, skill), "adopted");
    case "ours":
      return isCurrent(skill, installed)
        ? { action: "current", before: installed.manifest.version, kept: [] }
        : replace(skill, installed, "updated");
  }
}

/**
 * Puts the skill into its folder, over an older one too: built beside it, then swapped in by renames. A program of the old one that
 * runs goes on, since it has all its code loaded. Nothing of anyone else is lost: edits are kept beside, additions stay.
 * @throws UsageError when what stands there is not ours, or the place cannot be written: nothing has changed then
 */
export async function installSkill(skill: SkillPackage, folder: string): Promise<Installation> {
  // A folder that needs nothing done to it is not even touched by our hold.
  const now = await planInstallation(skill, folder);
  if (now.action === "current") return now;
  return withWorkshop(folder, async (workshop) => {
    const planned = await planInstallation(skill, folder);
    if (planned.action === "current") return planned;
    await build(workshop.fresh, skill);
    for (const { from, to } of planned.kept) await copyEntry(join(folder, from), join(workshop.fresh, to));
    await swapIn(folder, workshop, { replaces: planned.before !== null || planned.kept.length > 0 });
    return planned;
  });
}

function isCurrent(skill: SkillPackage, { manifest, edited, ...found }: OurSkill): boolean {
  const wanted = manifestOf(skill);
  const isSame = manifest.version === wanted.version && sameEntries(manifest.files, wanted.files);
  return isSame && edited.length === 0 && lostOf(found).length === 0;
}

function replace(skill: SkillPackage, old: OurSkill, action: "updated" | "adopted"): Installation {
  const kept = keep(Object.keys(manifestOf(skill).files), old.edited, old.added);
  return { action, before: old.manifest.version, kept };
}

/** Where edits and additions go: an edit always beside its file, an addition only where the skill has something in its place. */
function keep(shipped: readonly string[], edited: readonly string[], added: readonly string[]): readonly Kept[] {
  const ours = new Set(shipped.flatMap(withFolders));
  const taken = new Set([...ours, ...added, MANIFEST]);
  const names = new Map<string, string>();
  const beside = (path: string) => {
    const name = names.get(path) ?? freeName(path, taken);
    names.set(path, name);
    return name;
  };
  const moved = (path: string) => {
    // Someone's file where a folder of ours goes, or the other way round.
    const clash = ours.has(path) ? path : withFolders(path).find((folder) => shipped.includes(folder));
    return clash === undefined ? path : beside(clash) + path.slice(clash.length);
  };
  return [...edited.map((from) => ({ from, to: beside(from) })), ...added.map((from) => ({ from, to: moved(from) }))];
}

/** `references/a.md` → `references`, `references/a.md`. */
function withFolders(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function sameEntries(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const paths = Object.keys(one);
  return paths.length === Object.keys(other).length && paths.every((path) => one[path] === other[path]);
}

/** `SKILL.md.edited`, or the next one that is free. */
export function freeName(path: string, taken: Set<string>): string {
  let name = `${path}.edited`;
  for (let count = 2; taken.has(name); count++) name = `${path}.edited-${count}`;
  taken.add(name);
  return name;
}

/** The manifest comes last: a folder without one is not taken for a skill of ours. */
async function build(folder: string, skill: SkillPackage): Promise<void> {
  await mkdir(folder);
  for (const { path, content, executable } of skill.files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: executable ? 0o755 : 0o644, flag: "wx" });
  }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifestOf(skill), null, 2)}\n`);
}
