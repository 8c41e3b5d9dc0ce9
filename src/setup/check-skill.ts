import { mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AskCodexError } from "../errors.ts";
import { writeWhole } from "../files/write-whole.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { findPlugin } from "./claude-plugin.ts";
import type { HandCopy } from "./hand-copy.ts";
import { type InstallRoute, installCommand, settingsCommand } from "./install-route.ts";
import { compareCopy, compareWithList, inspectInstalled, lossOf, lostOf, type OurSkill } from "./installed-skill.ts";
import { neededRules, type RuledFolders } from "./needed-rules.ts";
import { missingRules } from "./permission-rules.ts";
import { manifestOf, readSkillPackage, type SkillPackage } from "./skill-package.ts";

/** Where Claude Code looks for a skill, and for the rules that go with it. */
export interface SkillPlace {
  readonly scope: "user" | "project";
  readonly skill: string;
  readonly settings: string;
}

export interface SkillCheckOptions {
  /** What this package would install; null when it is not whole itself. */
  readonly own: SkillPackage | null;
  readonly route: InstallRoute;
  readonly fix: boolean;
}

/** The names of the two checks of one scope. */
export function skillCheck({ scope }: Pick<SkillPlace, "scope">): string {
  return scope === "user" ? "skill" : "project_skill";
}

export function rulesCheck({ scope }: Pick<SkillPlace, "scope">): string {
  return scope === "user" ? "permission" : "project_permission";
}

/** The skill of one scope. In a project there need not be one: null. */
export async function checkSkill(
  { scope, skill }: SkillPlace,
  { own, route, fix }: SkillCheckOptions,
): Promise<Check | null> {
  const name = skillCheck({ scope });
  const command = installCommand(route, scope === "user" ? "" : "--project");
  const install = `Run: ${command}`;
  const itself = route.folder === (await realpath(skill).catch(() => null));
  const subject = { name, skill, command, install, canFix: !fix && !itself };
  const installed = await inspectInstalled(skill);
  switch (installed.type) {
    case "absent":
    case "remains":
      return scope === "user" ? checkPlugin(subject) : null;
    case "foreign":
      return fail(name, `${skill} is not ours (${installed.reason})`, `Move it away. ${install}`);
    case "copy":
      return judgeCopy(subject, installed, own);
    case "ours": {
      const fixed = fix && own !== null ? await restore(skill, installed, own) : [];
      const [missing, damaged] = [left(installed.missing, fixed), left(installed.damaged, fixed)];
      const check = judge(subject, { ...installed, missing, damaged }, own);
      return fixed.length > 0 ? { ...check, fixed: `put back ${fixed.join(", ")}` } : check;
    }
  }
}

/** Without a skill in its place there may be the plugin, which has it as well. */
async function checkPlugin({ name, skill, install }: Subject): Promise<Check> {
  const plugin = await findPlugin(dirname(dirname(skill)));
  if (plugin !== null) return ok(name, `${plugin.version} as a plugin, in ${plugin.folder}`);
  return warn(name, `not installed in ${skill}`, install);
}

/** The rules of an installed skill. */
export async function checkRules(
  { scope, skill, settings }: SkillPlace,
  { route, ...folders }: Omit<RuledFolders, "skill"> & Pick<SkillCheckOptions, "route">,
): Promise<Check | null> {
  if (!["ours", "copy"].includes((await inspectInstalled(skill)).type)) return null;
  const name = rulesCheck({ scope });
  const mend = `Run: ${settingsCommand(route, scope === "user" ? "--allow" : "--allow --project")}`;
  try {
    const missing = await missingRules(settings, await neededRules({ ...folders, skill }));
    if (missing.length === 0) return ok(name, `commands run and reports are read unasked (${settings})`);
    return warn(name, `Claude Code asks first, for ${settings} lacks ${missing.join(" and ")}`, mend);
  } catch (error) {
    if (!(error instanceof AskCodexError)) throw error;
    return fail(name, error.message, error.hint);
  }
}

/** What is judged: the check's name, the skill's folder, and what to run where it is at fault. */
interface Subject {
  readonly name: string;
  readonly skill: string;
  readonly command: string;
  /** The same as a sentence. */
  readonly install: string;
  /** Whether `--fix` may do what has not been done. */
  readonly canFix: boolean;
}

function judge(
  { name, skill, command, install, canFix }: Subject,
  installed: OurSkill,
  own: SkillPackage | null,
): Check {
  const { manifest, edited } = installed;
  const loss = lossOf(installed);
  if (loss !== null) return fail(name, `${skill}: ${loss}`, canFix ? `${install} (or doctor --fix)` : install);
  if (own !== null && manifest.version !== own.version)
    return warn(name, `${skill} is of version ${manifest.version}, this is ${own.version}`, install);
  if (edited.length > 0) {
    const mend = `To restore the original files (yours are kept as *.edited), run: ${command}`;
    return warn(name, `${skill} has edited files: ${edited.join(", ")}`, mend);
  }
  const wanted = own === null ? manifest.files : manifestOf(own).files;
  const older = Object.keys({ ...wanted, ...manifest.files }).filter((path) => wanted[path] !== manifest.files[path]);
  if (older.length > 0) return warn(name, `${skill} differs from this package: ${older.join(", ")}`, install);
  return ok(name, `${manifest.version} in ${skill}`);
}

/** It works as long as it is whole; only what has a manifest can be looked after. */
async function judgeCopy({ name, skill, install }: Subject, copy: HandCopy, own: SkillPackage | null): Promise<Check> {
  const said = `${copy.version} in ${skill}, copied there by hand`;
  const broken = await whyBroken(skill, copy);
  if (broken !== null) return fail(name, `${said}: ${broken}`, install);
  if (own !== null && copy.version !== own.version) return warn(name, `${said}, and this is ${own.version}`, install);
  const found = own === null ? NOTHING : await compareCopy(skill, copy, own);
  const missing = found.missing.filter((path) => own?.files.some((file) => file.path === path));
  const loss = lossOf((await compareWithList(skill)) ?? { missing, damaged: [] });
  if (loss !== null) return fail(name, `${said}: ${loss}`, install);
  // Programs of another build are others, too.
  const others = [...found.edited, ...found.damaged];
  const differs = others.length > 0 ? `, and other than this package: ${others.join(", ")}` : "";
  return warn(name, `${said}${differs}: without a manifest, edits and updates look the same`, install);
}

const NOTHING = { missing: [], damaged: [], edited: [] } as const;

/** A doctor that is itself part of a broken copy has no package to compare it with. */
async function whyBroken(skill: string, { version }: HandCopy): Promise<string | null> {
  try {
    await readSkillPackage(skill, version);
    return null;
  } catch (error) {
    if (!(error instanceof AskCodexError)) throw error;
    return error.message;
  }
}

/** Files that are gone come back, if this package has the very same ones. Edits stay as they are. */
async function restore(skill: string, installed: OurSkill, own: SkillPackage): Promise<readonly string[]> {
  const { manifest, added } = installed;
  // A folder that someone has replaced by a link leads elsewhere.
  const reachable = lostOf(installed).filter((path) => !added.some((other) => path.startsWith(`${other}/`)));
  const same = own.files.filter(({ path, sha256 }) => reachable.includes(path) && manifest.files[path] === sha256);
  for (const { path, content, executable } of same) {
    await mkdir(join(skill, dirname(path)), { recursive: true });
    await writeWhole(join(skill, path), content, executable ? 0o755 : 0o644);
  }
  return same.map(({ path }) => path);
}

function left(missing: readonly string[], fixed: readonly string[]): readonly string[] {
  return missing.filter((path) => !fixed.includes(path));
}
