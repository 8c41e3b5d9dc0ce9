import { describe, expect, test } from "vitest";
import { OLDEST_SUPPORTED } from "../../src/codex/version.ts";
import { ERROR_KINDS } from "../../src/errors.ts";
import type { Check } from "../../src/setup/check.ts";
import type { Installation } from "../../src/setup/install-skill.ts";
import { MANIFEST } from "../../src/setup/manifest.ts";
import { neededRules } from "../../src/setup/needed-rules.ts";
import type { Removal } from "../../src/setup/remove-skill.ts";
import { chapterOf, constant, textOf, wordsIn } from "../support/documents/documents.ts";
import { inWords, optionsOf } from "../support/documents/flags.ts";
import { codeIn, headingsIn, namesUnder, partOf, rowsUnder } from "../support/documents/markdown.ts";
import { commandOf, setup } from "../support/documents/programs.ts";
import { modulesIn } from "../support/documents/source-files.ts";

const page = chapterOf("installation");
const skill = textOf("SKILL.md");
const readme = textOf("README.md");
const manifest = JSON.parse(textOf("package.json")) as {
  readonly name: string;
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};
const marketplace = JSON.parse(textOf(".claude-plugin/marketplace.json")) as { readonly name: string };
const names = Object.keys(setup);
const checkers = modulesIn("src/setup").filter(({ path }) => /\/check-/.test(path));

// Every command has them; they are told once.
const COMMON = ["-V, --version", "-h, --help"];

describe("the commands of ask-codex", () => {
  test("each one has its part, in the order of --help", () => {
    expect(headingsIn(page, 3)).toEqual(names);
  });

  test.each(names)("%s has the flags that are told, with their defaults", (name) => {
    const told = rowsUnder(partOf(page, name), "Flag").map(([flag, value]) => [flag, value]);
    const own = optionsOf(commandOf(setup, name).make()).filter(({ flags }) => !COMMON.includes(flags));
    expect(told).toEqual(own.map(({ flags, defaultValue }) => [`\`${flags}\``, inWords(defaultValue)]));
  });

  test("the flags of every command are told once", () => {
    const told = rowsUnder(partOf(page, "Commands"), "Flag").map(([flag]) => flag);
    expect(told).toEqual(COMMON.map((flag) => `\`${flag}\``));
    for (const name of names)
      expect(optionsOf(commandOf(setup, name).make()).map(({ flags }) => flags)).toEqual(
        expect.arrayContaining(COMMON),
      );
  });

  test("every exit code of --help is told, and no other", () => {
    const line = /const EXITS = "(.*)"/.exec(textOf("src/cli/setup/main.ts"))?.[1] ?? "";
    expect(namesOf(rowsUnder(page, "Exit"))).toEqual(line.match(/\d+(?= )/g));
  });

  test("the npm script that installs from a clone is that command", () => {
    expect(page).toContain("npm ci && npm run install-skill");
    expect(readme).toContain("npm ci && npm run install-skill");
    expect(manifest.scripts["install-skill"]).toMatch(/scripts\/ask-codex install$/);
  });
});

describe("what ask-codex prints", () => {
  test.each(["install", "uninstall"] as const)("every key of %s is told, in its order", (name) => {
    const printed = [...textOf(`src/cli/setup/${name}.ts`).matchAll(/\[(?:dryRun \? "(\w+)" : )?"(\w+)",/g)];
    const keys = printed.flatMap(([, dry, real]) => (dry === undefined ? [real] : [real, dry]));
    expect(namesUnder(page, `Key of \`${name}\``)).toEqual(keys);
  });

  test("every word of status= is told", () => {
    expect(statusTold("install")).toEqual([...INSTALLED, "would_be_"]);
    expect(statusTold("uninstall")).toEqual([...REMOVED, "would_be_removed"]);
  });

  test("every level of a check, and every key of one with --json", () => {
    const told = codeIn(partOf(page, "The checks of doctor").split("\n|")[0] ?? "");
    expect(told.slice(0, 3)).toEqual(LEVELS);
    const [keys = ""] = rowsUnder(partOf(page, "doctor"), "Flag").map(([, , meaning]) => meaning);
    const object = /JSON\.stringify\(\{ (.*?): SCHEMA_VERSION, (\w+), (\w+):/.exec(textOf("src/cli/setup/doctor.ts"));
    const ofCheck = /function toJson\(\{ (.*?) \}/.exec(textOf("src/cli/setup/doctor.ts"))?.[1]?.split(", ") ?? [];
    // What the fix of a check is called in plain words, beside its former name.
    expect(codeIn(keys)).toEqual([...(object?.slice(1) ?? []), ...ofCheck, "fix"]);
  });
});

describe("the checks of doctor", () => {
  test("each one is told, and no other", () => {
    const calls = checkers.flatMap(({ path }) => wordsIn(path, /\b(?:ok|warn|fail)\(\s*"(\w+)"/g));
    const chosen = checkers.flatMap(({ path }) => [
      ...wordsIn(path, /return scope === .* \? "(\w+)" : /g),
      ...wordsIn(path, /return scope === .* : "(\w+)";/g),
    ]);
    expect([...namesUnder(page, "Check")].sort()).toEqual([...new Set([...calls, ...chosen])].sort());
  });

  test("each command that a fix names is told", () => {
    const hints = [ERROR_KINDS.codex_missing, ERROR_KINDS.codex_incompatible, ERROR_KINDS.auth, ERROR_KINDS.config];
    const sources = [...checkers.map(({ text }) => text), ...hints.map(({ next }) => next)].join("\n");
    const command =
      /npm install -g [@\w/-]+|npx ask-codex@latest install(?: --allow)?|doctor --fix|chmod 700|codex (?:login|doctor)|sandbox\.excludedCommands|ASK_CODEX_HOME/g;
    const mends = new Set(sources.match(command));
    const told = rowsUnder(page, "Check")
      .map(([, , mend]) => mend)
      .join("\n");
    expect(mends.size).toBeGreaterThan(8);
    expect([...mends].filter((mend) => !told.includes(mend))).toEqual([]);
  });

  test("each row tells the levels that the check can have", () => {
    for (const [cell = "", , mend = ""] of rowsUnder(page, "Check")) {
      const [name = ""] = codeIn(cell);
      const has = (level: string) => checkers.some(({ text }) => new RegExp(`\\b${level}\\(\\s*"${name}"`).test(text));
      expect(codeIn(mend), name).toEqual(expect.arrayContaining(LEVELS.slice(1).filter(has)));
    }
  });
});

describe("what the page says of the rest", () => {
  test("what an installed skill has, the manifest included", () => {
    const part = partOf(page, "Where things go");
    const folders = wordsIn("src/setup/skill-package.ts", /^const FOLDERS = \["(\w+)", "\w+"\]/gm);
    for (const name of [
      ...folders,
      "roles",
      "SKILL.md",
      "README.md",
      "CHANGELOG.md",
      "SECURITY.md",
      "LICENSE",
      "scripts",
      MANIFEST,
    ])
      expect(codeIn(part)).toContain(name);
    expect(codeIn(part)).toContain(wordsIn("src/setup/workshop.ts", /"(\.ask-codex-setup)"/g)[0]);
  });

  test("every rule that is written is told, and both forms of those for commands", async () => {
    const state = "/path/to/state/ask-codex";
    const folders = { skill: "/path/to/skills/ask-codex", state, sessions: `${state}/sessions` };
    const told = JSON.parse(/^```json\n([\s\S]*?)^```/m.exec(page)?.[1] ?? "null");
    expect(told).toEqual({ permissions: { allow: await neededRules(folders) } });
    const [quoted] = await neededRules({ ...folders, skill: "/a path" });
    expect(page).toContain(`\`${quoted}\``);
  });

  test("it asks for the versions that the programs ask for", () => {
    const needed = partOf(page, "What you need");
    expect(needed).toContain(`Node ${manifest.engines.node.replace(">=", "")} or newer`);
    expect(needed).toContain(`Codex ${OLDEST_SUPPORTED} or newer`);
  });

  test("it is told with the names of package and marketplace", () => {
    expect(page).toContain(`claude plugin install ${manifest.name}@${marketplace.name}`);
    expect(readme).toContain(`claude plugin install ${manifest.name}@${marketplace.name}`);
  });

  test("the time that Codex has to answer is told", () => {
    const seconds = constant("src/setup/check-codex.ts", "ANSWER_LIMIT_MS") / 1000;
    expect(/answers as an app-server within (\d+) s/.exec(page)?.[1]).toBe(String(seconds));
  });

  test("how often the gate blocks a session is told", () => {
    const most = constant("src/cli/review/gate-record.ts", "MOST_ROUNDS");
    expect(textOf("references/review.md")).toContain(`a session is blocked ${most} times at most`);
  });

  test("SKILL.md sends there", () => {
    expect(skill).toContain("(references/installation.md)");
  });
});

// The compiler sees to it that none is missing.
const INSTALLED = Object.keys({ installed: true, updated: true, adopted: true, current: true } satisfies Record<
  Installation["action"],
  true
>);
const REMOVED = Object.keys({ removed: true, absent: true } satisfies Record<Removal["action"], true>);
const LEVELS = Object.keys({ ok: true, warn: true, fail: true } satisfies Record<Check["level"], true>);

function statusTold(name: string): readonly string[] {
  const row = rowsUnder(page, `Key of \`${name}\``).find(([key]) => key === "`status`");
  return codeIn(row?.[1] ?? "").filter((word) => !word.startsWith("--"));
}

function namesOf(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map(([name = ""]) => name);
}
