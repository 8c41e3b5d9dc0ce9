import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkRules, checkSkill, type SkillPlace } from "../../src/setup/check-skill.ts";
import { installSkill } from "../../src/setup/install-skill.ts";
import { addRules, permissionRules } from "../../src/setup/permission-rules.ts";
import type { SkillPackage } from "../../src/setup/skill-package.ts";
import { listing } from "../support/listing.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { fixturePackage, writeFiles } from "./fixture-package.ts";

interface Case {
  readonly name: string;
  readonly change: (skill: string) => Promise<unknown>;
  readonly version?: string;
  readonly found: { readonly level: string; readonly detail?: unknown };
}

test.for<Case>([
  { name: "as it was installed", change: async () => {}, found: { level: "ok" } },
  {
    name: "edited",
    change: (skill) => writeFile(join(skill, "SKILL.md"), "mine"),
    found: { level: "warn", detail: expect.stringContaining("SKILL.md") },
  },
  {
    name: "less a file",
    change: (skill) => rm(join(skill, "scripts", "ask_codex")),
    found: { level: "fail", detail: expect.stringContaining("scripts/ask_codex") },
  },
  { name: "of another version", change: async () => {}, version: "2.0.0", found: { level: "warn" } },
  { name: "not ours any more", change: (skill) => rm(join(skill, ".ask-codex.json")), found: { level: "fail" } },
  { name: "gone", change: (skill) => rm(skill, { recursive: true }), found: { level: "warn" } },
])("a skill that is $name", async ({ change, version = "1.0.0", found }) => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  await change(place.skill);
  const before = await listing(folder.path);
  expect(await checkSkill(place, { ...own, version }, false)).toMatchObject(found);
  expect(await listing(folder.path)).toEqual(before);
});

test("fix puts back what is gone and leaves edits as they are", async () => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  await rm(join(place.skill, "references"), { recursive: true });
  await writeFile(join(place.skill, "SKILL.md"), "mine");
  expect(await checkSkill(place, own, true)).toMatchObject({ level: "warn", fixed: "put back references/modes.md" });
  expect(await readFile(join(place.skill, "references/modes.md"), "utf8")).toBe("# Modes\n");
  expect(await readFile(join(place.skill, "SKILL.md"), "utf8")).toBe("mine");
});

test("fix writes nothing through a link", async () => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  await writeFiles(folder.path, { "elsewhere/other.md": "" });
  await rm(join(place.skill, "references"), { recursive: true });
  await symlink(join(folder.path, "elsewhere"), join(place.skill, "references"));
  expect(await checkSkill(place, own, true)).toMatchObject({ level: "fail" });
  expect(Object.keys(await listing(join(folder.path, "elsewhere")))).toEqual(["other.md"]);
});

test("a project without the skill is nothing to tell", async () => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  const project: SkillPlace = { ...place, scope: "project", skill: join(folder.path, "project") };
  expect(await checkSkill(project, own, false)).toBeNull();
  expect(await checkRules(project)).toBeNull();
});

test("rules that are missing are told with the command that adds them", async () => {
  await using folder = await tempFolder();
  const { place } = await installed(folder);
  expect(await checkRules(place)).toMatchObject({ level: "warn", mend: expect.stringContaining("install --allow") });
  await addRules(place.settings, permissionRules(place.skill));
  expect(await checkRules(place)).toMatchObject({ level: "ok" });
  await writeFile(place.settings, "{");
  expect(await checkRules(place)).toMatchObject({ level: "fail" });
});

async function installed({ path }: TempFolder): Promise<{ place: SkillPlace; own: SkillPackage }> {
  const own = await fixturePackage(join(path, "package"));
  const place = {
    scope: "user",
    skill: join(path, "skills", "ask-codex"),
    settings: join(path, "settings.json"),
  } as const;
  await installSkill(own, place.skill);
  return { place, own };
}
