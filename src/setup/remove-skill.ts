import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import { writeWhole } from "../files/write-whole.ts";
import { freeName, type Kept } from "./install-skill.ts";
import { inspectInstalled, type OurSkill, requireOurs } from "./installed-skill.ts";
import { MANIFEST } from "./manifest.ts";
import { manifestOf } from "./skill-package.ts";
import { copyEntry, isUnfinished, removeEmpty, swapIn, withWorkshop } from "./workshop.ts";

export interface Removal {
  readonly action: "removed" | "absent";
  readonly version: string | null;
  /** Someone's own files and edits, which stay. */
  readonly kept: readonly Kept[];
}

/** What `removeSkill` would do, without doing it. @throws UsageError when what stands there is not ours */
export async function planRemoval(folder: string): Promise<Removal> {
  const installed = requireOurs(await inspectInstalled(folder), folder);
  if (installed.type === "copy") throw copiedByHand(folder);
  if (installed.type === "absent" || installed.type === "remains") return { action: "absent", version: null, kept: [] };
  return { action: "removed", version: installed.manifest.version, kept: keptOf(installed) };
}

/**
 * Takes the skill away as one: what is someone's own is put together beside it and takes its place, and where there is nothing of
 * that kind the folder goes, and the ones around it that are empty then. It is all there or gone, whenever it is killed.
 * @throws UsageError when what stands there is not ours, or cannot be written
 */
export async function removeSkill(folder: string): Promise<Removal> {
  const planned = await planRemoval(folder);
  if (planned.action === "absent" && !(await isUnfinished(folder))) return planned;
  const removal = await withWorkshop(folder, async (workshop) => {
    const now = await planRemoval(folder);
    if (now.action === "absent") return now;
    for (const { from, to } of now.kept) await copyEntry(join(folder, from), join(workshop.fresh, to));
    if (now.kept.length > 0) {
      // By it the next installation knows that the folder was ours.
      const remains = manifestOf({ version: now.version ?? "", files: [] });
      await writeWhole(join(workshop.fresh, MANIFEST), `${JSON.stringify(remains)}\n`, 0o644);
      await swapIn(folder, workshop, { replaces: true });
    } else await rename(folder, workshop.gone);
    return now;
  });
  // Ours if we made them; when they are empty, no one misses them.
  await removeEmpty([dirname(dirname(folder)), dirname(folder)]);
  return removal;
}

/** Which of its files are someone's own is not known. */
function copiedByHand(folder: string): UsageError {
  const hint = "Remove the folder yourself, or run install first, which takes the copy over.";
  return new UsageError(`${folder} was copied there by hand, and is left alone.`, hint);
}

/** A SKILL.md that stays would still be a skill to Claude Code, one whose programs are gone. */
function keptOf({ edited, added }: OurSkill): readonly Kept[] {
  const taken = new Set([...edited, ...added]);
  const toOf = (path: string) => (path === "SKILL.md" ? freeName(path, taken) : path);
  return [...edited, ...added].map((from) => ({ from, to: toOf(from) }));
}
