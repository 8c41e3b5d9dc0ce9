import { mkdir, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installSkill, planInstallation } from "../../src/setup/install-skill.ts";
import { inspectInstalled } from "../../src/setup/installed-skill.ts";
import { readSkillPackage } from "../../src/setup/skill-package.ts";
import { listing } from "../support/listing.ts";
import { canMount, smallDisk } from "../support/machine/small-disk.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { fixturePackage, writeFiles } from "./fixture-package.ts";

const skillIn = ({ path }: TempFolder) => join(path, "home", ".claude", "skills", "ask-codex");

test("the skill is installed with all its files, programs executable, and nothing else of the package", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  const target = skillIn(folder);
  expect(await installSkill(skill, target)).toEqual({ action: "installed", before: null, kept: [] });
  const found = await inspectInstalled(target);
  expect(found).toMatchObject({ type: "ours", edited: [], missing: [], added: [], manifest: { version: "1.0.0" } });
  expect(Object.keys(await listing(target))).not.toContain("src");
  expect((await stat(join(target, "scripts", "ask_codex"))).mode & 0o111).not.toBe(0);
  expect((await stat(join(target, "SKILL.md"))).mode & 0o111).toBe(0);
  expect(await readdir(join(target, ".."))).toEqual(["ask-codex"]);
});

test("installing the same again touches nothing", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  await installSkill(skill, skillIn(folder));
  const before = await listing(folder.path);
  expect(await installSkill(skill, skillIn(folder))).toMatchObject({ action: "current" });
  expect(await listing(folder.path)).toEqual(before);
});

test("a program that is not as it was is put there anew, and no copy of it is kept", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  await installSkill(skill, skillIn(folder));
  await writeFiles(skillIn(folder), { "scripts/parts": "half" });
  expect(await installSkill(skill, skillIn(folder))).toEqual({ action: "updated", before: "1.0.0", kept: [] });
  expect(await readFile(join(skillIn(folder), "scripts", "parts"), "utf8")).toBe("modules of the programs\n");
});

test("an update brings new files, takes old ones away, and keeps what somebody has edited or added", async () => {
  await using folder = await tempFolder();
  const target = skillIn(folder);
  await installSkill(await fixturePackage(join(folder.path, "old"), "1.0.0", { "references/gone.md": "gone" }), target);
  await writeFiles(target, { "SKILL.md": "mine", "references/new.md": "mine too", "notes/a.md": "a note" });
  const skill = await fixturePackage(join(folder.path, "new"), "2.0.0", { "references/new.md": "new" });
  const planned = await planInstallation(skill, target);
  const done = await installSkill(skill, target);
  expect(done).toEqual(planned);
  expect(done).toMatchObject({ action: "updated", before: "1.0.0" });
  expect(done.kept).toEqual([
    { from: "SKILL.md", to: "SKILL.md.edited" },
    { from: "notes/a.md", to: "notes/a.md" },
    { from: "references/new.md", to: "references/new.md.edited" },
  ]);
  expect(await readFile(join(target, "SKILL.md"), "utf8")).toContain("fixture");
  expect(await readFile(join(target, "SKILL.md.edited"), "utf8")).toBe("mine");
  expect(await readFile(join(target, "references/new.md"), "utf8")).toBe("new");
  expect(await readFile(join(target, "notes/a.md"), "utf8")).toBe("a note");
  expect(await readdir(join(target, "references"))).not.toContain("gone.md");
  expect(await readdir(join(target, ".."))).toEqual(["ask-codex"]);
});

test("a second edit of the same file is kept beside the first", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  await installSkill(skill, skillIn(folder));
  for (const text of ["first", "second"]) {
    await writeFile(join(skillIn(folder), "SKILL.md"), text);
    expect(await installSkill(skill, skillIn(folder))).toMatchObject({ action: "updated" });
  }
  const read = (name: string) => readFile(join(skillIn(folder), name), "utf8");
  expect([await read("SKILL.md.edited"), await read("SKILL.md.edited-2")]).toEqual(["first", "second"]);
});

test("a link in the place of a file is kept as a link, and nothing is written through it", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  const elsewhere = join(folder.path, "elsewhere");
  await writeFiles(elsewhere, { "modes.md": "elsewhere" });
  await installSkill(skill, skillIn(folder));
  await rm(join(skillIn(folder), "references"), { recursive: true });
  await symlink(elsewhere, join(skillIn(folder), "references"));
  const before = await listing(elsewhere);
  expect(await installSkill(skill, skillIn(folder))).toMatchObject({ action: "updated" });
  expect(await listing(elsewhere)).toEqual(before);
  expect(await readFile(join(skillIn(folder), "references/modes.md"), "utf8")).toBe("# Modes\n");
  expect(await readlink(join(skillIn(folder), "references.edited"))).toBe(elsewhere);
});

test("a folder in the place of a file is kept beside it", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  await installSkill(skill, skillIn(folder));
  await rm(join(skillIn(folder), "LICENSE"));
  await writeFiles(skillIn(folder), { "LICENSE/one": "1", "LICENSE/two": "2" });
  expect((await installSkill(skill, skillIn(folder))).kept.map(({ to }) => to)).toEqual([
    "LICENSE.edited/one",
    "LICENSE.edited/two",
  ]);
  expect(await inspectInstalled(skillIn(folder))).toMatchObject({ missing: [], edited: [] });
});

test.for([
  { name: "a folder of somebody else", make: (path: string) => writeFiles(path, { "SKILL.md": "other" }) },
  { name: "an empty folder", make: (path: string) => mkdir(path) },
  { name: "a folder whose manifest is broken", make: (path: string) => writeFiles(path, { ".ask-codex.json": "{" }) },
  { name: "a file", make: (path: string) => writeFile(path, "a file") },
  { name: "a link", make: (path: string) => symlink("/nowhere", path) },
])("$name of the skill's name is refused and left alone", async ({ make }) => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  await mkdir(join(skillIn(folder), ".."), { recursive: true });
  await make(skillIn(folder));
  const before = await listing(folder.path);
  await expect(installSkill(skill, skillIn(folder))).rejects.toMatchObject({ kind: "usage" });
  expect(await listing(folder.path)).toEqual(before);
});

test("what an installation that was killed has left is put back first", async () => {
  await using folder = await tempFolder();
  const target = skillIn(folder);
  await installSkill(await fixturePackage(join(folder.path, "old"), "1.0.0"), target);
  await writeFile(join(target, "SKILL.md"), "mine");
  const left = join(target, "..", ".ask-codex-setup");
  await writeFiles(left, { "new/SKILL.md": "half", hold: '{"pid":1,"startedAt":"long ago","runId":"setup"}' });
  await rename(target, join(left, "old"));
  const done = await installSkill(await fixturePackage(join(folder.path, "new"), "2.0.0"), target);
  expect(done).toMatchObject({ action: "updated", before: "1.0.0", kept: [{ to: "SKILL.md.edited" }] });
  expect(await readdir(join(target, ".."))).toEqual(["ask-codex"]);
});

test("of several installations at the same time each succeeds or says that another is at work", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  const all = await Promise.allSettled(Array.from({ length: 5 }, () => installSkill(skill, skillIn(folder))));
  const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refused.map(({ kind }) => kind)).toEqual(refused.map(() => "usage"));
  expect(refused.length).toBeLessThan(5);
  expect(await inspectInstalled(skillIn(folder))).toMatchObject({ type: "ours", missing: [], edited: [] });
  expect(await readdir(join(skillIn(folder), ".."))).toEqual(["ask-codex"]);
});

test("a file in the way is named, and no folder is left behind", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  await writeFiles(folder.path, { "home/.claude": "a file" });
  const before = await listing(folder.path);
  const refused = expect.objectContaining({ kind: "usage", message: expect.stringContaining(".claude") });
  await expect(installSkill(skill, skillIn(folder))).rejects.toEqual(refused);
  expect(await listing(folder.path)).toEqual(before);
});

test.runIf(canMount)("on a full disk nothing changes, new or old", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  const newer = await fixturePackage(join(folder.path, "newer"), "2.0.0", {
    "references/modes.md": "x".repeat(20_000),
  });
  await using disk = await smallDisk(folder.path);
  const target = join(disk.path, ".claude", "skills", "ask-codex");
  await installSkill(skill, target);
  disk.fill();
  const names = async (path: string) => Object.keys(await listing(path));
  const before = await listing(target);
  await expect(installSkill(newer, target)).rejects.toMatchObject({ kind: "system" });
  expect(await listing(target)).toEqual(before);
  expect(await names(join(disk.path, ".claude", "skills"))).not.toContain(".ask-codex-setup");
  await expect(installSkill(skill, join(disk.path, "other", "skills", "ask-codex"))).rejects.toMatchObject({
    kind: "system",
  });
  expect(await readdir(disk.path)).not.toContain("other");
});

test.for(["SKILL.md", "scripts/ask_codex"])("a package without %s is not installed", async (path) => {
  await using folder = await tempFolder();
  await expect(fixturePackage(folder.path, "1.0.0", { [path]: null })).rejects.toMatchObject({ kind: "usage" });
});

test("an installed copy is a package itself, less what somebody has put into it", async () => {
  await using folder = await tempFolder();
  const skill = await fixturePackage(join(folder.path, "package"));
  await installSkill(skill, skillIn(folder));
  await writeFiles(skillIn(folder), { "references/mine.md": "mine" });
  const again = await readSkillPackage(skillIn(folder), "1.0.0");
  expect(again.files.map(({ path }) => path)).toEqual(skill.files.map(({ path }) => path));
});
