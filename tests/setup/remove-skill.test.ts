import { access, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installSkill } from "../../src/setup/install-skill.ts";
import { planRemoval, removeSkill } from "../../src/setup/remove-skill.ts";
import { listing } from "../support/listing.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { fixturePackage, writeFiles } from "./fixture-package.ts";

test("nothing is left of an installation that nobody has touched, its empty folders included", async () => {
  await using folder = await tempFolder();
  const target = await installed(folder);
  expect(await removeSkill(target)).toEqual({ action: "removed", version: "1.0.0", kept: [] });
  expect(await readdir(join(folder.path, "home"))).toEqual([]);
  expect(await removeSkill(target)).toMatchObject({ action: "absent" });
});

test("files that were edited or added stay; a SKILL.md only under a name that makes it no skill", async () => {
  await using folder = await tempFolder();
  const target = await installed(folder);
  await writeFiles(target, { "SKILL.md": "mine", "references/modes.md": "mine", "references/added.md": "added" });
  const planned = await planRemoval(target);
  const done = await removeSkill(target);
  expect(done).toEqual(planned);
  expect(done.kept.map(({ to }) => to)).toEqual(["SKILL.md.edited", "references/modes.md", "references/added.md"]);
  expect(Object.keys(await listing(target)).sort()).toEqual([
    ".ask-codex.json",
    "SKILL.md.edited",
    "references",
    "references/added.md",
    "references/modes.md",
  ]);
});

test("where only that is left, nothing is installed, and the next installation takes the folder with all of it", async () => {
  await using folder = await tempFolder();
  const target = await installed(folder);
  await writeFiles(target, { "SKILL.md": "mine", "references/modes.md": "mine", "notes.md": "a note" });
  await removeSkill(target);
  const before = await listing(target);
  expect(await removeSkill(target)).toMatchObject({ action: "absent" });
  expect(await listing(target)).toEqual(before);
  const own = await fixturePackage(join(folder.path, "package"));
  expect(await installSkill(own, target)).toEqual({
    ...{ action: "installed", before: null },
    kept: [
      { from: "SKILL.md.edited", to: "SKILL.md.edited" },
      { from: "notes.md", to: "notes.md" },
      { from: "references/modes.md", to: "references/modes.md.edited" },
    ],
  });
  expect(await readFile(join(target, "references/modes.md.edited"), "utf8")).toBe("mine");
  expect(await installSkill(own, target)).toMatchObject({ action: "current" });
});

test("a folder of which the user has taken the last file away goes with the next removal, and can be installed into", async () => {
  await using folder = await tempFolder();
  for (const act of [removeSkill, async (target: string) => installSkill(await fixturePackage(folder.path), target)]) {
    const target = await installed(folder);
    await writeFiles(target, { "notes.md": "a note" });
    await removeSkill(target);
    await rm(join(target, "notes.md"));
    await act(target);
    expect(await readdir(join(target, "..")).catch(() => [])).toEqual(act === removeSkill ? [] : ["ask-codex"]);
  }
});

test("other skills and settings beside it are not touched", async () => {
  await using folder = await tempFolder();
  const target = await installed(folder);
  await writeFiles(join(target, ".."), { "other/SKILL.md": "other", "../settings.json": "{}" });
  await removeSkill(target);
  expect(await readdir(join(target, ".."))).toEqual(["other"]);
  expect(await readFile(join(target, "../../settings.json"), "utf8")).toBe("{}");
});

test("a manifest that names files elsewhere, or a link that leads there, removes nothing there", async () => {
  await using folder = await tempFolder();
  const target = await installed(folder);
  await writeFiles(folder.path, { "elsewhere/modes.md": "# Modes\n", "precious.md": "# Modes\n" });
  await rm(join(target, "references"), { recursive: true });
  await symlink(join(folder.path, "elsewhere"), join(target, "references"));
  const manifest = JSON.parse(await readFile(join(target, ".ask-codex.json"), "utf8"));
  manifest.files["../../../../precious.md"] = manifest.files["references/modes.md"];
  await writeFile(join(target, ".ask-codex.json"), JSON.stringify(manifest));
  await removeSkill(target);
  await access(join(folder.path, "precious.md"));
  await access(join(folder.path, "elsewhere", "modes.md"));
});

test("what an installation that was killed has left goes with it", async () => {
  await using folder = await tempFolder();
  const target = await installed(folder);
  const left = join(target, "..", ".ask-codex-setup");
  await writeFiles(left, { "new/SKILL.md": "half" });
  await rename(target, join(left, "old"));
  expect(await removeSkill(target)).toMatchObject({ action: "removed", version: "1.0.0" });
  expect(await readdir(join(folder.path, "home"))).toEqual([]);
});

test("a folder that is not ours is refused", async () => {
  await using folder = await tempFolder();
  const target = join(folder.path, "skills", "ask-codex");
  await mkdir(target, { recursive: true });
  await writeFile(join(target, "SKILL.md"), "other");
  await expect(removeSkill(target)).rejects.toMatchObject({ kind: "usage" });
  expect(await readdir(target)).toEqual(["SKILL.md"]);
});

async function installed(folder: TempFolder): Promise<string> {
  const target = join(folder.path, "home", ".claude", "skills", "ask-codex");
  await installSkill(await fixturePackage(join(folder.path, "package")), target);
  return target;
}
