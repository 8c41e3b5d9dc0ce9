import { cp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkRules, checkSkill, type SkillPlace } from "../../src/setup/check-skill.ts";
import { installSkill } from "../../src/setup/install-skill.ts";
import { neededRules } from "../../src/setup/needed-rules.ts";
import { addRules } from "../../src/setup/permission-rules.ts";
import { manifestOf, type SkillPackage } from "../../src/setup/skill-package.ts";
import { listing } from "../support/listing.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { fixturePackage, RELEASE, SKILL_MD, writeFiles } from "./fixture-package.ts";

const ROUTE = { type: "clone", folder: "/a clone" } as const;

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
    found: { level: "fail", detail: expect.stringContaining("scripts/ask_codex is missing") },
  },
  {
    name: "less what is in a file",
    change: (skill) => writeFile(join(skill, "references", "modes.md"), ""),
    found: { level: "fail", detail: expect.stringContaining("references/modes.md is damaged") },
  },
  {
    name: "with half a program",
    change: (skill) => writeFile(join(skill, "scripts", "parts"), "modules"),
    found: { level: "fail", detail: expect.stringContaining("scripts/parts is damaged") },
  },
  { name: "of another version", change: async () => {}, version: "2.0.0", found: { level: "warn" } },
  { name: "not ours any more", change: (skill) => rm(join(skill, ".ask-codex.json")), found: { level: "fail" } },
  { name: "gone", change: (skill) => rm(skill, { recursive: true }), found: { level: "warn" } },
])("a skill that is $name", async ({ change, version = "1.0.0", found }) => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  await change(place.skill);
  const before = await listing(folder.path);
  expect(await checkSkill(place, { own: { ...own, version }, route: ROUTE, fix: false })).toMatchObject(found);
  expect(await listing(folder.path)).toEqual(before);
});

test("fix puts back what is gone and leaves edits as they are", async () => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  await rm(join(place.skill, "references"), { recursive: true });
  await writeFile(join(place.skill, "SKILL.md"), "mine");
  expect(await checkSkill(place, { own, route: ROUTE, fix: true })).toMatchObject({
    level: "warn",
    fixed: "put back references/modes.md",
  });
  expect(await readFile(join(place.skill, "references/modes.md"), "utf8")).toBe("# Modes\n");
  expect(await readFile(join(place.skill, "SKILL.md"), "utf8")).toBe("mine");
});

test("fix puts back programs that are damaged and pages that are empty", async () => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  await writeFile(join(place.skill, "references/modes.md"), "");
  await writeFile(join(place.skill, "scripts/parts"), "half");
  const before = await checkSkill(place, { own, route: ROUTE, fix: false });
  expect(before).toMatchObject({ level: "fail", mend: expect.stringContaining("(or doctor --fix)") });
  const fixed = "put back references/modes.md, scripts/parts";
  expect(await checkSkill(place, { own, route: ROUTE, fix: true })).toMatchObject({ level: "ok", fixed });
  expect(await readFile(join(place.skill, "scripts/parts"), "utf8")).toBe("modules of the programs\n");
});

test("what cannot be put back is not told to be put back by the same command again, nor out of itself", async () => {
  await using folder = await tempFolder();
  const { place } = await installed(folder);
  await rm(join(place.skill, "SKILL.md"));
  const itself = { type: "skill", folder: await realpath(place.skill) } as const;
  for (const options of [
    { route: ROUTE, fix: true },
    { route: itself, fix: false },
  ])
    expect(await checkSkill(place, { own: null, ...options })).toMatchObject({
      ...{ level: "fail", mend: expect.not.stringContaining("--fix") },
    });
});

test("fix writes nothing through a link", async () => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  await writeFiles(folder.path, { "elsewhere/other.md": "" });
  await rm(join(place.skill, "references"), { recursive: true });
  await symlink(join(folder.path, "elsewhere"), join(place.skill, "references"));
  expect(await checkSkill(place, { own, route: ROUTE, fix: true })).toMatchObject({ level: "fail" });
  expect(Object.keys(await listing(join(folder.path, "elsewhere")))).toEqual(["other.md"]);
});

test("a skill that Claude Code has as a plugin is there", async () => {
  await using folder = await tempFolder();
  const place = placeIn(folder);
  const look = () => checkSkill(place, { own: null, route: ROUTE, fix: false });
  expect(await look()).toMatchObject({ level: "warn", mend: expect.stringContaining("install") });
  const plugin = { scope: "user", installPath: "/cache/ask-codex/0.1.0", version: "0.1.0" };
  const list = { version: 2, plugins: { "other@ask-codex": [], "ask-codex@ask-codex": [plugin] } };
  await writeFiles(folder.path, { "plugins/installed_plugins.json": JSON.stringify(list) });
  expect(await look()).toMatchObject({ level: "ok", detail: "0.1.0 as a plugin, in /cache/ask-codex/0.1.0" });
  expect(await checkRules(place, { ...STATE, route: ROUTE })).toBeNull();
  await writeFiles(folder.path, { "plugins/installed_plugins.json": "{" });
  expect(await look()).toMatchObject({ level: "warn" });
});

test("a project without the skill is nothing to tell", async () => {
  await using folder = await tempFolder();
  const { place, own } = await installed(folder);
  const project: SkillPlace = { ...place, scope: "project", skill: join(folder.path, "project") };
  expect(await checkSkill(project, { own, route: ROUTE, fix: false })).toBeNull();
  expect(await checkRules(project, { ...STATE, route: ROUTE })).toBeNull();
});

test("rules that are missing are told with the command that adds them", async () => {
  await using folder = await tempFolder();
  const { place } = await installed(folder);
  const mend = expect.stringContaining("npm run install-skill -- --allow");
  expect(await checkRules(place, { ...STATE, route: ROUTE })).toMatchObject({ level: "warn", mend });
  const rules = await neededRules({ ...STATE, skill: place.skill });
  // As an older version has left them.
  await addRules(
    place.settings,
    rules.filter((rule) => rule.startsWith("Bash")),
  );
  const reads = expect.stringContaining("Read(//state/runs/**)");
  expect(await checkRules(place, { ...STATE, route: ROUTE })).toMatchObject({ level: "warn", detail: reads, mend });
  await addRules(place.settings, rules);
  expect(await checkRules(place, { ...STATE, route: ROUTE })).toMatchObject({ level: "ok" });
  await writeFile(place.settings, "{");
  expect(await checkRules(place, { ...STATE, route: ROUTE })).toMatchObject({ level: "fail" });
});

test.for<Case>([
  { name: "as it is in the package", change: async () => {}, found: { level: "warn", detail: says("by hand") } },
  {
    name: "edited",
    change: (skill) => writeFile(join(skill, "SKILL.md"), `${SKILL_MD}mine`),
    found: { level: "warn", detail: says("SKILL.md") },
  },
  {
    name: "less a file",
    change: (skill) => rm(join(skill, "scripts", "ask_codex")),
    found: { level: "fail", detail: says("scripts/ask_codex") },
  },
  {
    name: "less a page",
    change: (skill) => rm(join(skill, "references", "modes.md")),
    found: { level: "fail", detail: says("references/modes.md is missing") },
  },
  {
    name: "of another version",
    change: async () => {},
    version: "2.0.0",
    found: { level: "warn", detail: says("2.0.0") },
  },
])("a copy made by hand that is $name is told as what it is", async ({ change, version = "1.0.0", found }) => {
  await using folder = await tempFolder();
  const own = await fixturePackage(join(folder.path, "package"), "1.0.0", RELEASE);
  const place = placeIn(folder);
  await cp(join(folder.path, "package"), place.skill, { recursive: true });
  await change(place.skill);
  const before = await listing(folder.path);
  const mend = expect.stringContaining("install");
  expect(await checkSkill(place, { own: { ...own, version }, route: ROUTE, fix: true })).toMatchObject({
    ...found,
    mend,
  });
  expect(await checkRules(place, { ...STATE, route: ROUTE })).toMatchObject({ level: "warn" });
  expect(await listing(folder.path)).toEqual(before);
});

test("a doctor that is part of a broken copy says so", async () => {
  await using folder = await tempFolder();
  await fixturePackage(join(folder.path, "package"), "1.0.0", RELEASE);
  const place = placeIn(folder);
  await cp(join(folder.path, "package"), place.skill, { recursive: true });
  expect(await checkSkill(place, { own: null, route: ROUTE, fix: true })).toMatchObject({
    level: "warn",
    detail: says("by hand"),
  });
  await rm(join(place.skill, "scripts", "launch.sh"));
  expect(await checkSkill(place, { own: null, route: ROUTE, fix: true })).toMatchObject({
    level: "fail",
    detail: says("scripts/launch.sh"),
  });
});

test("a copy made by hand is compared with the list that came with it", async () => {
  await using folder = await tempFolder();
  const own = await fixturePackage(join(folder.path, "package"), "1.0.0", RELEASE);
  const place = placeIn(folder);
  await cp(join(folder.path, "package"), place.skill, { recursive: true });
  await writeFiles(place.skill, { "scripts/files.json": JSON.stringify(manifestOf(own)) });
  const look = () => checkSkill(place, { own: null, route: ROUTE, fix: false });
  expect(await look()).toMatchObject({ level: "warn", detail: says("by hand") });
  await rm(join(place.skill, "references/modes.md"));
  await writeFile(join(place.skill, "scripts/parts"), "half");
  const detail = says("references/modes.md is missing, scripts/parts is damaged");
  expect(await look()).toMatchObject({ level: "fail", detail });
});

const STATE = { state: "/state", sessions: "/state/sessions" };

function says(text: string): unknown {
  return expect.stringContaining(text);
}

function placeIn({ path }: TempFolder): SkillPlace {
  return { scope: "user", skill: join(path, "skills", "ask-codex"), settings: join(path, "settings.json") };
}

async function installed(folder: TempFolder): Promise<{ place: SkillPlace; own: SkillPackage }> {
  const own = await fixturePackage(join(folder.path, "package"));
  const place = placeIn(folder);
  await installSkill(own, place.skill);
  return { place, own };
}
