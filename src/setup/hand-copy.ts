import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { inBatches } from "../bounds/in-batches.ts";
import { isErrno } from "../errors.ts";
import { readJson } from "../files/json-file.ts";

/** Our package, copied by hand to where the skill goes: it works as it is, but without a manifest no one knows what was edited. */
export interface HandCopy {
  readonly type: "copy";
  readonly version: string;
}

const ownPackage = z.object({ name: z.literal("ask-codex"), version: z.string() });

/** A copy of a release or a plugin is recognised by both names; null for any other folder, a git clone included: git looks after it, and someone may work there. */
export async function readHandCopy(folder: string): Promise<HandCopy | null> {
  const places = ["package.json", ".claude-plugin/plugin.json"].map((name) => join(folder, name));
  const [release, plugin] = await inBatches(places, (path) => readJson(path, ownPackage));
  const found = release?.type === "absent" ? plugin : release;
  if (found?.type !== "valid" || !(await hasSkillOfOurName(folder)) || (await isClone(folder))) return null;
  return { type: "copy", version: found.value.version };
}

export async function isClone(folder: string): Promise<boolean> {
  return (await orAbsent(lstat(join(folder, ".git")))) !== null;
}

async function hasSkillOfOurName(folder: string): Promise<boolean> {
  const text = await orAbsent(readFile(join(folder, "SKILL.md"), "utf8"));
  const [, frontMatter = ""] = /^---\r?\n([\s\S]*?)^---/m.exec(text ?? "") ?? [];
  return /^name:[ \t]*(["']?)ask-codex\1[ \t]*\r?$/m.test(frontMatter);
}

async function orAbsent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EISDIR")) return null;
    throw error;
  }
}
