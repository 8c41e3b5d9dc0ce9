import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { neededRules } from "../../src/setup/needed-rules.ts";
import { tempFolder } from "../support/temp-folder.ts";

const SKILL = "/home/ann/.claude/skills/ask-codex";
const STATE = "/home/ann/.local/state/ask-codex";
const FOLDERS = { skill: SKILL, state: STATE, sessions: `${STATE}/sessions` };

test("a rule for each command by its path, for the skill's pages, and for what runs, batches and sessions leave to be read", async () => {
  expect(await neededRules(FOLDERS)).toEqual([
    `Bash(${SKILL}/scripts/ask_codex *)`,
    `Bash(${SKILL}/scripts/codex_broker *)`,
    `Read(/${SKILL}/**)`,
    `Read(/${STATE}/runs/**)`,
    `Read(/${STATE}/batches/**)`,
    `Read(/${STATE}/sessions/*/runs/**)`,
    `Read(/${STATE}/sessions/*/worktree/**)`,
    `Read(/${STATE}/sessions/*/delegations/**)`,
  ]);
});

test("no rule opens the whole of a folder that only holds sessions", async () => {
  const rules = await neededRules({ ...FOLDERS, sessions: "/tmp" });
  expect(rules).not.toContain("Read(//tmp/**)");
  expect(rules).toContain("Read(//tmp/*/runs/**)");
});

test("a command's path with a blank is in the quotes that the shell needs around it; a pattern needs none", async () => {
  const rules = await neededRules({ ...FOLDERS, skill: "/home/ann lee/skills/ask-codex" });
  expect(rules).toContain('Bash("/home/ann lee/skills/ask-codex/scripts/ask_codex" *)');
  expect(rules).toContain("Read(//home/ann lee/skills/ask-codex/**)");
});

test("what would be a pattern in a path is taken as it is", async () => {
  const rules = await neededRules({ ...FOLDERS, state: "/home/a[n]n*" });
  expect(rules).toContain("Read(//home/a\\[n]n\\*/runs/**)");
});

test("behind a link both paths are named, also of what is not there yet", async () => {
  await using folder = await tempFolder();
  const [real, link] = [join(folder.path, "real"), join(folder.path, "link")];
  await mkdir(real);
  await symlink(real, link);
  const rules = await neededRules({ ...FOLDERS, state: join(link, "state", "ask-codex") });
  expect(rules.filter((rule) => rule.includes(folder.path))).toEqual([
    `Read(/${link}/state/ask-codex/runs/**)`,
    `Read(/${link}/state/ask-codex/batches/**)`,
    `Read(/${real}/state/ask-codex/runs/**)`,
    `Read(/${real}/state/ask-codex/batches/**)`,
  ]);
});
