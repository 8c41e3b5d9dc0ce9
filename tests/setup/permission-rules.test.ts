import { chmod, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addRules, missingRules, presentRules, removeRules } from "../../src/setup/permission-rules.ts";
import { tempFolder } from "../support/temp-folder.ts";

const RULES = ["Bash(/skill/scripts/ask_codex *)", "Read(//skill/**)"];

test("settings are made where there are none, and gone again when the rules were all they held", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "config", "settings.json");
  expect(await missingRules(path, RULES)).toEqual(RULES);
  expect(await addRules(path, RULES)).toEqual({ path, rules: RULES });
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ permissions: { allow: RULES } });
  expect(await removeRules(path, RULES)).toEqual({ path, rules: RULES });
  expect(await readdir(join(folder.path, "config"))).toEqual([]);
});

test.for([
  {
    name: "two blanks",
    text: '{\n  "zeta": 1,\n  "permissions": {\n    "allow": [\n      "Read(*)"\n    ],\n    "deny": []\n  },\n  "alpha": null\n}\n',
  },
  {
    name: "a tab, no newline at the end",
    text: '{\n\t"model": "opus",\n\t"permissions": {\n\t\t"allow": [\n\t\t\t"Read(*)"\n\t\t]\n\t}\n}',
  },
])("everything else stays as it was, in its order and layout: $name", async ({ text }) => {
  await using folder = await tempFolder();
  const path = join(folder.path, "settings.json");
  await writeFile(path, text);
  await chmod(path, 0o640);
  await addRules(path, RULES);
  const written = JSON.parse(await readFile(path, "utf8"));
  expect(written.permissions.allow).toEqual(["Read(*)", ...RULES]);
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await addRules(path, RULES)).toEqual({ path, rules: [] });
  await removeRules(path, RULES);
  expect(await readFile(path, "utf8")).toBe(text);
});

test("only the rule that is missing is added", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "settings.json");
  await writeFile(path, JSON.stringify({ permissions: { allow: [RULES[1]] } }));
  expect((await addRules(path, RULES)).rules).toEqual([RULES[0]]);
  expect(JSON.parse(await readFile(path, "utf8")).permissions.allow).toEqual([RULES[1], RULES[0]]);
});

test("settings behind a link are written where they are", async () => {
  await using folder = await tempFolder();
  const [path, real] = [join(folder.path, "settings.json"), join(folder.path, "dotfiles.json")];
  await writeFile(real, "{}");
  await symlink(real, path);
  await addRules(path, RULES);
  expect(JSON.parse(await readFile(real, "utf8")).permissions.allow).toEqual(RULES);
  expect(await readdir(folder.path)).toEqual(["dotfiles.json", "settings.json"]);
});

test.for(['{"permissions": {', "[]", '{"permissions": []}', '{"permissions": {"allow": "all"}}', "// none\n{}"])(
  "settings that are not settings are refused and left alone: %s",
  async (text) => {
    await using folder = await tempFolder();
    const path = join(folder.path, "settings.json");
    await writeFile(path, text);
    const refused = expect.objectContaining({ kind: "usage", message: expect.stringContaining(path) });
    await expect(addRules(path, RULES)).rejects.toEqual(refused);
    expect(await presentRules(path, RULES)).toEqual([]);
    expect(await readFile(path, "utf8")).toBe(text);
  },
);

test("broken settings that name a rule are refused when it is to be taken out", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "settings.json");
  await writeFile(path, `{"permissions": {"allow": [${JSON.stringify(RULES[0])}`);
  await expect(removeRules(path, RULES)).rejects.toMatchObject({ kind: "usage" });
});
