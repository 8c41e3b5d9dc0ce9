import { basename, dirname } from "node:path";
import matter from "gray-matter";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { textOf } from "../support/documents/documents.ts";
import { codeIn, rowsUnder } from "../support/documents/markdown.ts";
import { allSources } from "../support/documents/source-files.ts";
import { ROOT } from "../support/paths.ts";

// The form of Claude Code 2.1.329, without what no case of ours uses; `claude plugin eval` refuses what breaks it.
const call = z.strictObject({ tool: z.string(), input_match: z.string().optional() });
const common = { name: z.string().min(1), weight: z.number().positive().optional() };
const count = z.number().int().nonnegative().optional();
const grader = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("tool_used"), ...common, ...call.shape, min: count, max: count }),
  z.strictObject({ type: z.literal("tool_order"), ...common, before: call, after: call }),
  z.strictObject({
    type: z.literal("llm"),
    ...common,
    criteria: z.string().min(100),
    focus: z.enum(["last_message", "trace"]),
  }),
]);
const execution = z.strictObject({
  prompt: z.string().min(20),
  max_turns: z.number().int().positive().max(200),
  timeout_seconds: z.number().int().positive().max(3600).optional(),
  allowed_tools: z.array(z.string()).min(1),
});
const evalCase = z.strictObject({
  schema_version: z.literal("1.1"),
  name: z.string().regex(/^[a-z0-9-]+$/),
  description: z.string().min(10),
  tags: z.array(z.string()),
  runs: z.number().int().positive().max(50),
  execution,
  graders: z.array(grader).min(1),
});

const all = allSources()
  .filter(({ path }) => path.startsWith("evals/") && basename(path) === "case.yaml")
  .map(({ path, text }) => ({ path, folder: dirname(path), content: matter(`---\n${text}\n---\n`).data }));
const cases = all.map(({ path, folder, content }) => ({ path, folder, ...evalCase.parse(content) }));
const tagged = (tag: string) => cases.filter(({ tags }) => tags.includes(tag));

test("there are 12 requests for Codex, 12 near misses, and 8 scenarios", () => {
  expect(Object.fromEntries(["trigger", "near-miss", "task"].map((tag) => [tag, tagged(tag).length]))).toEqual({
    trigger: 12,
    "near-miss": 12,
    task: 8,
  });
  expect(cases).toHaveLength(32);
});

test("nothing else is below evals/ that a run could take for a case, or Claude Code for a skill", () => {
  const others = allSources().filter(({ path }) => path.startsWith("evals/") && basename(path) !== "case.yaml");
  expect(others.map(({ path }) => path)).toEqual(["evals/README.md"]);
});

describe.each(cases)("$name", ({ folder, name, tags, execution: { prompt, allowed_tools }, graders }) => {
  test("has its kind and its folder in its name", () => {
    expect(folder).toBe(`evals/${tags[0]}/${name.slice(`${tags[0]}-`.length)}`);
    expect(tags).toHaveLength(1);
  });

  test("each grader has a name of its own, an expression that compiles, and a tool that the run has", () => {
    const names = graders.map((one) => one.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { tool, input_match } of graders.flatMap(callsOfGrader)) {
      expect(allowed_tools).toContain(tool);
      expect(() => new RegExp(input_match ?? "")).not.toThrow();
    }
  });

  test("a grader that no run could fail is not there", () => {
    for (const one of graders) {
      if (one.type !== "tool_used") continue;
      expect(one.min, one.name).toBeDefined();
      expect(one.min === 0 && one.max === undefined, one.name).toBe(false);
      expect(one.max ?? Number.POSITIVE_INFINITY, one.name).toBeGreaterThanOrEqual(one.min ?? 1);
    }
  });

  test("the request is what a user would say", () => {
    // Whoever names the skill or its commands leaves nothing to decide. (An answer belongs to a command that was run.)
    if (!tags.includes("task")) expect(prompt).not.toMatch(/ask[-_]codex|codex_broker|skill/i);
    expect(prompt).not.toMatch(/SKILL\.md|scripts\//);
  });
});

test.each(tagged("trigger"))("$name wants the skill to be loaded", ({ graders }) => {
  expect(graders).toEqual([
    { type: "tool_used", name: "loads-the-skill", tool: "Skill", input_match: "ask-codex", min: 1 },
  ]);
});

test.each(tagged("near-miss"))("$name wants it to be left alone", ({ graders }) => {
  expect(graders).toEqual([
    { type: "tool_used", name: "leaves-the-skill-alone", tool: "Skill", input_match: "ask-codex", min: 0, max: 0 },
  ]);
});

test.each(tagged("task"))("$name grades the commands, their order, and what the user reads", ({ graders }) => {
  const types = graders.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(["tool_used", "tool_order", "llm"]));
});

test.each([
  { grader: "prompt-in-a-quoted-heredoc", good: "<<'TASK'\nGoal", bad: "<<TASK\nGoal" },
  { grader: "prompt-ends-with-verification", good: "<<'TASK'\nVerification: run `x`", bad: "<<'TASK'\nDone." },
  { grader: "writes-nothing", good: "--read-only <<'TASK'", bad: "--name a <<'TASK'" },
  { grader: "names-a-check", good: "--verify-cmd 'npm test' <<'TASK'", bad: "--name a <<'TASK'" },
  { grader: "points-instead-of-pasting", good: "--file src/cli/list.ts <<'TASK'", bad: "<<'TASK'\nsrc/cli/list.ts" },
  {
    grader: "goes-on-in-the-session",
    good: "--session 0199c0de-0000-7000-8000-000000000001",
    bad: "--session @settings",
  },
  { grader: "hides-the-environment", good: "--read-only --clean-env", bad: "--read-only" },
])("$grader tells a command that is right from one that is not", ({ grader: name, good, bad }) => {
  const found = cases.flatMap(({ graders }) => graders).filter((one) => one.name === name);
  const expressions = found.flatMap(callsOfGrader).flatMap(({ input_match }) => input_match ?? []);
  expect(expressions.length).toBeGreaterThan(0);
  for (const expression of expressions) {
    expect(inputOf(good)).toMatch(new RegExp(expression));
    expect(inputOf(bad)).not.toMatch(new RegExp(expression));
  }
});

test("evals/README.md tells the folders with their numbers, and each type of grader", () => {
  const page = textOf("evals/README.md");
  for (const [folder = "", what = ""] of rowsUnder(page, "Folder"))
    expect(what).toContain(String(tagged(codeIn(folder)[0] ?? "").length));
  const used = new Set(cases.flatMap(({ graders }) => graders.map(({ type }) => type)));
  expect(new Set(rowsUnder(page, "Type").flatMap(([type = ""]) => codeIn(type)))).toEqual(used);
});

test("they are not part of the npm package", () => {
  const { files } = JSON.parse(textOf("package.json")) as { readonly files: readonly string[] };
  expect(files.filter((path) => path.startsWith("evals"))).toEqual([]);
});

function callsOfGrader(one: z.infer<typeof grader>): readonly z.infer<typeof call>[] {
  switch (one.type) {
    case "tool_used":
      return [one];
    case "tool_order":
      return [one.before, one.after];
    case "llm":
      return [];
  }
}

/** What a grader sees of a call of Bash. */
function inputOf(rest: string): string {
  return JSON.stringify({ command: `"${ROOT}/scripts/ask_codex" ${rest}` });
}
