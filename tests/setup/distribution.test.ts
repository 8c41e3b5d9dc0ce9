import { expect, test } from "vitest";
import { readSkillPackage } from "../../src/setup/skill-package.ts";
import { ROOT } from "../support/paths.ts";
import { packRelease, readJson } from "../support/release/release.ts";
import { tempFolder } from "../support/temp-folder.ts";

const MOST_BYTES = 4 * 1024 * 1024;

const manifest = await readJson(ROOT, "package.json");
const plugin = await readJson(ROOT, ".claude-plugin/plugin.json");
const marketplace = await readJson(ROOT, ".claude-plugin/marketplace.json");

test("the release is small and holds what is used, nothing of how it is made", async () => {
  await using folder = await tempFolder();
  const { size, paths } = await packRelease(folder.path);
  expect(size).toBeLessThan(MOST_BYTES);
  const skill = await readSkillPackage(ROOT, manifest.version);
  const others = skill.around.map(({ path }) => path).filter((path) => !path.endsWith("marketplace.json"));
  expect(paths.toSorted()).toEqual([...skill.files.map(({ path }) => path), ...others].toSorted());
});

test("the package may be published under its own name", () => {
  expect(manifest).not.toHaveProperty("private");
  expect(manifest.bin).toHaveProperty(manifest.name);
});

test("the plugin is what the build of this clone has put together, in this version", () => {
  const { name, version } = manifest;
  expect(plugin).toMatchObject({ name, version });
  // The SKILL.md at the root is found without it; with it `claude plugin eval` warns that the cases lie in a skill's folder.
  expect(plugin).not.toHaveProperty("skills");
  expect(marketplace).toMatchObject({ metadata: { version }, plugins: [{ name, version, source: "./dist/plugin" }] });
});

test("an installed skill holds no plugin: Claude Code would take it for one", async () => {
  const { files } = await readSkillPackage(ROOT, manifest.version);
  expect(files.filter(({ path }) => path.startsWith("."))).toEqual([]);
});
