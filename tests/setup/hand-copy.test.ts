import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installSkill, planInstallation } from "../../src/setup/install-skill.ts";
import { inspectInstalled } from "../../src/setup/installed-skill.ts";
import { removeSkill } from "../../src/setup/remove-skill.ts";
import { listing } from "../support/listing.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { fixturePackage, RELEASE, SKILL_MD, writeFiles } from "./fixture-package.ts";

test("a copy as it is in the package becomes an installation like any other, and the plugin in it goes", async () => {
  await using folder = await tempFolder();
  const { skill, target } = await copied(folder.path);
  const planned = await planInstallation(skill, target);
  expect(planned).toEqual({ action: "adopted", before: "1.0.0", kept: [] });
  expect(await installSkill(skill, target)).toEqual(planned);
  expect(await inspectInstalled(target)).toMatchObject({ type: "ours", edited: [], missing: [], added: [] });
  expect(await installSkill(skill, target)).toMatchObject({ action: "current" });
});

test("a plugin that was copied by hand is taken over as a release is", async () => {
  await using folder = await tempFolder();
  const { skill, target } = await copied(folder.path);
  await rm(join(target, "package.json"));
  await writeFiles(target, { ".claude-plugin/plugin.json": '{"name":"ask-codex","version":"0.9.0"}' });
  expect(await installSkill(skill, target)).toMatchObject({ action: "adopted", before: "0.9.0" });
});

test("what differs is kept beside, as edits are, and what was added stays", async () => {
  await using folder = await tempFolder();
  const { skill, target } = await copied(folder.path);
  await writeFiles(target, { "SKILL.md": `${SKILL_MD}mine`, "notes.md": "a note", ".claude-plugin/plugin.json": "{}" });
  expect((await installSkill(skill, target)).kept).toEqual([
    { from: "SKILL.md", to: "SKILL.md.edited" },
    { from: ".claude-plugin/plugin.json", to: ".claude-plugin/plugin.json.edited" },
    { from: "notes.md", to: "notes.md" },
  ]);
  const read = (path: string) => readFile(join(target, path), "utf8");
  expect([await read("SKILL.md"), await read("SKILL.md.edited")]).toEqual([SKILL_MD, `${SKILL_MD}mine`]);
  expect([await read("notes.md"), await read(".claude-plugin/plugin.json.edited")]).toEqual(["a note", "{}"]);
});

test("a copy of an older version is taken over by the newer one", async () => {
  await using folder = await tempFolder();
  const { target } = await copied(folder.path);
  const newer = await fixturePackage(join(folder.path, "newer"), "2.0.0", { "references/modes.md": "new" });
  expect(await installSkill(newer, target)).toMatchObject({ action: "adopted", before: "1.0.0" });
  expect(await readFile(join(target, "references/modes.md"), "utf8")).toBe("new");
  expect(await readFile(join(target, "references/modes.md.edited"), "utf8")).toBe("# Modes\n");
});

test.for([
  {
    name: "whose package has another name",
    spoil: (path: string) => write(path, "package.json", '{"name":"x","version":"1"}'),
  },
  { name: "whose package cannot be read", spoil: (path: string) => write(path, "package.json", "{") },
  { name: "without a package", spoil: (path: string) => rm(join(path, "package.json")) },
  {
    name: "whose skill has another name",
    spoil: (path: string) => write(path, "SKILL.md", "---\nname: other\n---\nname: ask-codex\n"),
  },
  { name: "without a skill", spoil: (path: string) => rm(join(path, "SKILL.md")) },
  { name: "that is a git clone", spoil: (path: string) => mkdir(join(path, ".git")) },
  { name: "whose manifest is broken", spoil: (path: string) => write(path, ".ask-codex.json", "{") },
])("a folder $name is not taken for a copy, and left alone", async ({ spoil }) => {
  await using folder = await tempFolder();
  const { skill, target } = await copied(folder.path);
  await spoil(target);
  const before = await listing(folder.path);
  await expect(installSkill(skill, target)).rejects.toMatchObject({ kind: "usage" });
  expect(await listing(folder.path)).toEqual(before);
});

test("a link to a copy is left alone", async () => {
  await using folder = await tempFolder();
  const { skill, target } = await copied(folder.path);
  await symlink(target, join(folder.path, "link"));
  await expect(installSkill(skill, join(folder.path, "link"))).rejects.toMatchObject({ kind: "usage" });
});

test("a copy is not removed: which of its files are somebody's own cannot be told", async () => {
  await using folder = await tempFolder();
  const { target } = await copied(folder.path);
  const before = await listing(folder.path);
  const message = expect.stringContaining("by hand");
  await expect(removeSkill(target)).rejects.toMatchObject({ kind: "usage", message });
  expect(await listing(folder.path)).toEqual(before);
});

async function copied(folder: string) {
  const release = join(folder, "package");
  const skill = await fixturePackage(release, "1.0.0", RELEASE);
  // Not of a release.
  await rm(join(release, "src"), { recursive: true });
  const target = join(folder, "skills", "ask-codex");
  await cp(release, target, { recursive: true });
  return { skill, target };
}

async function write(folder: string, path: string, text: string): Promise<void> {
  await writeFile(join(folder, path), text);
}
