import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { OLDEST_SUPPORTED } from "../../src/codex/version.ts";
import { EXIT_CODES, SIGNAL_EXIT_CODES } from "../../src/errors.ts";
import { expectCall } from "../support/documents/ask-calls.ts";
import { chapterOf, constant, documents, resolves, textOf } from "../support/documents/documents.ts";
import { fencesIn, headingsIn, linksIn, rowsUnder, sectionOf } from "../support/documents/markdown.ts";
import { broker, commandOf, SUBCOMMANDS, task } from "../support/documents/programs.ts";
import { callsOf } from "../support/documents/shell-commands.ts";
import { faultsIn, hereDocuments, parseSkill } from "../support/documents/skill-file.ts";
import { ROOT } from "../support/paths.ts";

const skill = textOf("SKILL.md");
const { frontmatter, body } = parseSkill(skill);
const manifest = JSON.parse(textOf("package.json")) as {
  readonly name: string;
  readonly license: string;
  readonly engines: { readonly node: string };
};
const references = documents.filter(({ path }) => path.startsWith("references/"));
const modesPage = chapterOf("collaboration-modes");

const TRIGGERS = [
  "use codex",
  "ask codex",
  "let codex do it",
  "让 codex 执行",
  "second opinion",
  "heavy repo or data sweep",
];

describe("SKILL.md by itself", () => {
  test("breaks no rule", () => {
    expect(faultsIn(skill)).toEqual([]);
  });

  test.each([
    { what: "another name", from: "name: ask-codex", to: "name: ask_codex", fault: /^name/ },
    { what: "a key outside the specification", from: "license:", to: "model: x\nlicense:", fault: /model/ },
    { what: "an angle bracket in the description", from: "CLI and", to: "<CLI> and", fault: /no angle/ },
    { what: "a long description", from: "Hands coding", to: `${"Hands ".repeat(40)}coding`, fault: /^description/ },
    { what: "another kind of scalar", from: "description: >-", to: "description: |", fault: /block scalar/ },
    { what: "a line before the front matter", from: "---\nname", to: "\n---\nname", fault: /first character/ },
    { what: "a long body", from: "## Rules", to: `${"\n".repeat(100)}## Rules`, fault: /200 lines/ },
    { what: "a wordy body", from: "## Rules", to: `${"many words ".repeat(200)}\n## Rules`, fault: /3,000 tokens/ },
    { what: "a shell argument", from: "## Rules", to: "`echo $1`\n## Rules", fault: /argument/ },
    { what: "a command at load time", from: "## Rules", to: "Now: !`date`\n## Rules", fault: /loaded/ },
    { what: "a plugin's variable", from: "CLAUDE_SKILL_DIR", to: "CLAUDE_PLUGIN_ROOT", fault: /skill's own folder/ },
    { what: "a path in somebody's home", from: "## Rules", to: "~/.claude/skills\n## Rules", fault: /home/ },
    { what: "shouting", from: "## Rules", to: "NEVER do it\n## Rules", fault: /capitals/ },
  ])("$what would be found", ({ from, to, fault }) => {
    expect(skill).toContain(from);
    expect(faultsIn(skill.replace(from, to))).toContainEqual(expect.stringMatching(fault));
  });

  test("front matter that is a program is not run", () => {
    expect(() => parseSkill("---js\n{ name: process.exit(9) }\n---\n")).toThrow("not run");
  });

  test("name, licence and what it needs are those of the package", () => {
    expect(frontmatter).toMatchObject({ name: manifest.name, license: manifest.license });
    expect(frontmatter["compatibility"]).toContain(manifest.engines.node.replace(">=", "Node.js "));
    expect(frontmatter["compatibility"]).toContain(`${OLDEST_SUPPORTED} or newer`);
  });

  test.each(TRIGGERS)("the description has the words that call for it: %s", (phrase) => {
    expect(frontmatter["description"]).toContain(phrase);
  });

  test("the description says when not", () => {
    expect(frontmatter["description"]).toMatch(/\bNot for .*\bgit\b/);
  });

  test("it has all laws and rules", () => {
    expect(sectionOf(body, "Six laws").match(/^\d+\. /gm)).toHaveLength(6);
    expect(sectionOf(body, "Rules").match(/^\d+\. /gm)).toHaveLength(9);
  });
});

// What Claude reads to use us is paid by the user: SKILL.md once a conversation, a reference for a question.
const SKILL_CHARACTERS = 10_440;
const REFERENCE_CHARACTERS = 9_000;

describe("what it costs to read", () => {
  test(`SKILL.md has at most ${SKILL_CHARACTERS} characters`, () => {
    expect(skill.length).toBeLessThanOrEqual(SKILL_CHARACTERS);
  });

  test.each(references)(`$path costs at most 2,500 tokens of 3.6 characters`, ({ text }) => {
    expect(text.length).toBeLessThanOrEqual(REFERENCE_CHARACTERS);
  });
});

describe("SKILL.md and the rest of the package", () => {
  test("every link leads to a file, and to a heading of it", () => {
    expect(linksIn(body).length).toBeGreaterThan(5);
    expect(linksIn(body).filter((target) => !resolves("SKILL.md", target))).toEqual([]);
  });

  test("every reference is linked, here or in one that is, with the condition for reading it", () => {
    const rowsIn = (text: string) =>
      rowsUnder(text, "Read").flatMap(([link = "", when = ""]) => linksIn(link).map((path) => [path, when] as const));
    const first = rowsIn(body);
    const further = first
      .flatMap(([path]) => rowsIn(textOf(path)))
      .map(([path, when]) => [`references/${path}`, when] as const);
    const rows = [...first, ...further];
    expect([...new Set(rows.map(([path]) => path))].sort()).toEqual(references.map(({ path }) => path).sort());
    for (const [, when] of rows) expect(when).toMatch(/^(?:when|before|after|if|for|at) .{12}/);
  });

  test("every script it names is there and can be executed", () => {
    const named = new Set([...body.matchAll(/\}\/(scripts\/[\w.]+)/g)].map(([, path = ""]) => path));
    expect([...named].sort()).toEqual(["scripts/ask_codex", "scripts/codex_broker"]);
    for (const path of [...named, ...[...named].map((program) => `${program}.sh`)]) {
      expect(statSync(join(ROOT, path)).mode & 0o111, path).toBe(0o111);
    }
  });

  test("it says what to do on every exit code, and on no other", () => {
    const told = rowsUnder(body, "Exit").flatMap(([codes = ""]) => codes.match(/\d+/g) ?? []);
    const real = [...Object.values(EXIT_CODES), ...Object.values(SIGNAL_EXIT_CODES)].map(String);
    expect(told.sort()).toEqual([...new Set(real)].sort());
    for (const [codes, action = ""] of rowsUnder(body, "Exit")) expect(action.length, codes).toBeGreaterThan(20);
  });

  test("collaboration-modes.md has a part for each of its modes, and no other", () => {
    const modes = rowsUnder(body, "Mode").map(([mode]) => mode);
    const parts = headingsIn(modesPage, 2).flatMap((title) => /^Mode (\w: .*)/.exec(title)?.[1] ?? []);
    expect(parts.map((title) => title.replace(": ", " "))).toEqual(modes);
    expect(modes.map((mode) => mode?.[0])).toEqual(["0", "A", "B", "C", "D", "E", "F"]);
  });

  test("both tell the same caps", () => {
    const rounds = /(\d) rounds at most/;
    expect(rounds.exec(body)?.[1]).toBe(rounds.exec(modesPage)?.[1]);
    const caps = /(\d) reviews, (\d) questions, (\d) at once/.exec(chapterOf("advanced-patterns"));
    const told = [rounds, /(\d) relays at most/, /(\d) at most \|/].map((pattern) => pattern.exec(body)?.[1]);
    expect(caps?.slice(1)).toEqual(told);
  });

  test("a wait takes as long as it says", () => {
    const slice = String(constant("src/cli/broker/wait-slice.ts", "WAIT_SLICE"));
    expect(/`wait` takes (\d+) s at most/.exec(body)?.[1]).toBe(slice);
  });
});

const texts = [{ path: "SKILL.md", text: body }, ...references];

describe.each(texts)("$path", ({ text }) => {
  const calls = fencesIn(text).flatMap((fence) => callsOf("ask_codex", fence));
  const commands = fencesIn(text).flatMap((fence) => callsOf("codex_broker", fence));

  test("every call is one that the program takes", () => {
    for (const words of calls) expectCall(words);
    for (const [name = "", ...words] of commands) {
      expect(commandOf(broker, name).parse(words)).toHaveProperty("options");
    }
  });

  test("every shell example is shell", async () => {
    const examples = [...text.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```$/gm)].map(([, script]) => script);
    const { exitCode, stderr } = await execa("bash", ["-n"], { input: examples.join("\n"), reject: false });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("every here-document is quoted, so that the shell leaves it alone", () => {
    const marks = fencesIn(text).flatMap((fence) => fence.match(/<<-?\s*\S+/g) ?? []);
    expect(marks.filter((mark) => !/^<<'\w+'$/.test(mark))).toEqual([]);
  });

  test("no command names a folder of somebody's home", () => {
    expect(fencesIn(text).filter((fence) => /(?<![\w.])~\/|\$\{?HOME\b|\/(?:home|Users)\//.test(fence))).toEqual([]);
  });
});

// These teach how to ask, so their prompts keep the rules that they teach.
const TEACHING = ["SKILL", "collaboration-modes", "prompt-engineering", "usage-patterns", "advanced-patterns"];
const teaching = texts.filter(({ path }) => TEACHING.includes(basename(path, ".md")));

describe.each(teaching)("the prompts of $path", ({ text }) => {
  const prompts = fencesIn(text).flatMap((fence) => hereDocuments(fence));
  const tasks = prompts.filter(({ mark }) => mark === "TASK").map((prompt) => prompt.text);

  test("each task ends with a Verification: line that names a command", () => {
    expect(tasks.length).toBeGreaterThan(1);
    const last = tasks.map((task) => task.trimEnd().split("\n").at(-1));
    expect(last.filter((line = "") => !/^Verification: .*`[^`]+`/.test(line))).toEqual([]);
  });

  test("none has more than 500 words, or names the tooling", () => {
    expect(prompts.filter((prompt) => prompt.text.split(/\s+/).length > 500)).toEqual([]);
    expect(prompts.filter((prompt) => /ask.codex|codex_broker|SKILL|\bskill\b/i.test(prompt.text))).toEqual([]);
  });

  test("each foreground call with its grace window ends within ten minutes, the start of Codex included", () => {
    for (const words of fencesIn(text).flatMap((fence) => callsOf("ask_codex", fence))) {
      if (SUBCOMMANDS.has(words[0] ?? "")) continue;
      const parsed = task.parse(words);
      // One that has its task as an argument is a script's, and has all the time.
      if ("text" in parsed || parsed.args[0] !== undefined || parsed.options.task !== undefined) continue;
      expect(2 * parsed.options.timeout + START_LIMIT, words.join(" ")).toBeLessThanOrEqual(FOREGROUND_LIMIT);
      expect(parsed.options.timeout).toBeGreaterThan(0);
    }
  });

  test("each @name was given before it is used", () => {
    const used = [...text.matchAll(/(?<=[\s`])@([a-z][\w-]*)/g)];
    const given = (name: string, before: number) => text.slice(0, before).includes(`--name ${name} `);
    expect(used.filter(({ 1: name = "", index }) => !given(name, index)).map(([word]) => word)).toEqual([]);
  });
});

const START_LIMIT = constant("src/codex/open-thread.ts", "START_LIMIT_MS") / 1000;

// Claude Code's Bash tool takes no more for a foreground command.
const FOREGROUND_LIMIT = 600;
