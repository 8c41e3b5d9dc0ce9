import { expect, test } from "vitest";
import { claudeArguments } from "../../src/claude/arguments.ts";
import { rulesFor } from "../../src/claude/rules.ts";
import { claudeVersion, isOldClaude, OLDEST_CLAUDE } from "../../src/claude/version.ts";

test("rules name files and commands, never a whole tool", () => {
  const rules = rulesFor({ edit: ["src/a.js", "docs/", "**/*.css"], forbid: [".github/"], commands: ["npm test"] });
  expect(rules).toEqual({
    allow: ["Edit(/src/a.js)", "Edit(/docs/**)", "Edit(/**/*.css)", "Bash(npm test)"],
    deny: ["Edit(/.github/**)"],
    tools: ["Bash", "Edit", "Read", "Write"],
  });
});

test("a file that is named like a glob gets a rule for that name as well", () => {
  const { allow } = rulesFor({ edit: ["app/[id]/page.tsx"], forbid: [], commands: [] });
  expect(allow).toEqual(["Edit(/app/[id]/page.tsx)", "Edit(/app/\\[id\\]/page.tsx)"]);
});

test("a command that a rule cannot name exactly gets none", () => {
  const commands = ["eslint src/*.js", "npm run x:*", "a\nb", "node --test"];
  expect(rulesFor({ edit: [], forbid: [], commands }).allow).toEqual(["Bash(node --test)"]);
});

test("without a file to edit there is no tool to edit with", () => {
  expect(rulesFor({ edit: [], forbid: [".claude/"], commands: [] })).toEqual({
    allow: [],
    deny: [],
    tools: ["Bash", "Read"],
  });
});

test("the command line loads no settings, asks nobody and holds no prompt", () => {
  const rules = rulesFor({ edit: ["a.js"], forbid: [], commands: [] });
  const common = { rules, settings: {}, model: null, budgetUsd: null, conversation: null };
  const args = claudeArguments({ ...common, userSettings: false });
  expect(args.join(" ")).toContain(
    "--permission-mode dontAsk --setting-sources  --strict-mcp-config --disable-slash-commands",
  );
  expect(args).not.toContain("--settings");
  const wide = claudeArguments({
    ...common,
    userSettings: true,
    settings: { model: "m" },
    model: "x",
    budgetUsd: 2,
    conversation: "c",
  });
  expect(wide.join(" ")).toContain("--setting-sources user");
  expect(wide.join(" ")).toContain('--settings {"model":"m"} --model x --max-budget-usd 2 --resume c');
});

test("the oldest supported version is told from older ones", () => {
  expect(claudeVersion("2.1.332 (Claude Code)")).toBe("2.1.332");
  expect(claudeVersion("not a version")).toBeNull();
  expect([OLDEST_CLAUDE, "2.1.332", "3.0.0", "2.1.196", "1.0.0"].map(isOldClaude)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});
