import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addGate, hasGate, removeGate } from "../../src/setup/review-gate.ts";
import { tempFolder } from "../support/temp-folder.ts";

const SKILL = "/it's a skill";

test("the hook is added once beside what is there, and taken out alone", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "settings.json");
  const theirs = { hooks: [{ type: "command", command: "say done" }] };
  const text = `${JSON.stringify({ zeta: 1, hooks: { PreToolUse: [], Stop: [theirs] } }, null, 4)}\n`;
  await writeFile(path, text);
  expect(await addGate(path, SKILL)).toBe(true);
  expect(await addGate(path, SKILL)).toBe(false);
  expect(await hasGate(path, "/another skill")).toBe(false);
  const { Stop: stop } = JSON.parse(await readFile(path, "utf8")).hooks;
  expect(stop).toEqual([theirs, { hooks: [expect.objectContaining({ type: "command", timeout: 720 })] }]);
  expect(stop[1].hooks[0].command).toMatch(/^'\/it'\\''s a skill\/scripts\/ask_codex' review gate --quiet /);
  expect(await removeGate(path, SKILL)).toBe(true);
  expect(await readFile(path, "utf8")).toBe(text);
  expect(await removeGate(path, SKILL)).toBe(false);
});

test("a hook whose limits a person has changed is still ours; a group with a hook of theirs is not", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "settings.json");
  await addGate(path, SKILL);
  await writeFile(path, (await readFile(path, "utf8")).replace("blocker", "major"));
  expect(await hasGate(path, SKILL)).toBe(true);
  const settings = JSON.parse(await readFile(path, "utf8"));
  settings.hooks.Stop[0].hooks.push({ type: "command", command: "say done" });
  await writeFile(path, JSON.stringify(settings));
  expect(await removeGate(path, SKILL)).toBe(false);
});

test("settings that cannot be read have no hook, unless they name it", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "settings.json");
  await writeFile(path, "{");
  expect(await hasGate(path, "/skill")).toBe(false);
  await addGate(join(folder.path, "other.json"), "/skill");
  await writeFile(path, `{${await readFile(join(folder.path, "other.json"), "utf8")}`);
  await expect(hasGate(path, "/skill")).rejects.toThrow("is not valid as settings");
});
