import { describe, expect, test } from "vitest";
import { type DocumentContext, gapsIn } from "../../../src/handoff/check/document.ts";
import { DEFAULT_POLICY, type Policy } from "../../../src/handoff/contract/policy.ts";
import { parseDocument } from "../../../src/handoff/document/document.ts";
import type { Guardrails } from "../../../src/handoff/document/handoff.ts";
import { documentName, newDocument } from "../../../src/handoff/document/new.ts";
import { contract } from "../../support/samples/handoff.ts";

/** Line 1 is the first of the front matter. */
const GOOD = `---
task_id: auth-001
scope:
  files:
    - src/auth.ts
    - src/user.ts
  forbid:
    - "**/.env*"
validation:
  - npm test
---

## Tasks

1. In \`src/auth.ts\`, return null for an expired token.

## Success criteria

- An expired token gives null.
`;

async function gapsOf(text: string, look: Partial<DocumentContext> & { readonly policy?: Policy } = {}) {
  const { document } = await parseDocument(text);
  if (document === null) throw new Error("it was to be read");
  const guardrails = { ...contract().guardrails, ...document.handoff.guardrails } as Guardrails;
  const usual = { policy: DEFAULT_POLICY, guardrails, files: [], words: 100, commandFaults: new Map() };
  return gapsIn(document, { ...usual, ...look });
}

/** The document with one thing in it changed. */
function but(before: string, after: string): string {
  const text = GOOD.replace(before, () => after);
  expect(text).not.toBe(GOOD);
  return text;
}

/** The same where one of the two may be any file of a folder. */
function open(before: string, after: string): string {
  return but(before, after).replace("src/user.ts", "lib/");
}

test("a document with everything has no gap", async () => {
  expect(await gapsOf(GOOD)).toEqual([]);
});

describe("a gap is told with its line:", () => {
  test.each([
    { what: "a task without a file", text: open("In `src/auth.ts`, return", "Return"), line: 15, names: "Task 1" },
    { what: "a task with a glob", text: open("`src/auth.ts`", "`src/**/*.ts`"), line: 15, names: "Task 1" },
    {
      what: "a negation among the allowed",
      text: but("    - src/user.ts", '    - "!src/user.ts"'),
      line: 6,
      names: "`!src/user.ts` is a negation",
    },
    {
      what: "a negation among the forbidden",
      text: but('"**/.env*"', '"./!src/**"'),
      line: 8,
      names: "is a negation",
    },
    { what: "no tasks", text: but("1. In", "In"), line: 13, names: "no tasks" },
    { what: "no heading of tasks", text: but("## Tasks", "## Our works"), line: 1, names: "no tasks" },
    {
      what: "a heading that is nearly right",
      text: but("## Tasks", "## Tasks and more"),
      line: 13,
      names: 'the heading "Tasks and more" is not one',
    },
    { what: "no success criteria", text: but("- An", "An"), line: 17, names: "no success criteria" },
    { what: "no validation step", text: but("validation:\n  - npm test\n", ""), line: 1, names: "no validation" },
    {
      what: "nothing in scope",
      text: but("  files:\n    - src/auth.ts\n    - src/user.ts\n", ""),
      line: 1,
      names: "scope",
    },
    {
      what: "a task that is nothing but a vague phrase",
      text: but("return null for an expired token.", "fix things,\n   and clean up."),
      line: 16,
      names: '"clean up"',
    },
    { what: "a file allowed and forbidden", text: but('"**/.env*"', "src/auth.ts"), line: 8, names: "src/auth.ts" },
    { what: "a glob that forbids a file", text: but("**/.env*", "src/au*.ts"), line: 8, names: "src/auth.ts" },
    {
      what: "a folder inside of what is forbidden",
      text: but("src/user.ts", "lib/deep/").replace("**/.env*", "lib/**"),
      line: 8,
      names: "`lib/deep/`: nothing of that would be left",
    },
    {
      what: "a pattern inside of a wider one",
      text: but("src/user.ts", '"lib/**/*.{js,ts}"').replace("**/.env*", "**/*.?s"),
      line: 8,
      names: "`lib/**/*.{js,ts}`",
    },
    {
      what: "what two patterns forbid together",
      text: but("src/user.ts", '"src/{a,b}.ts"').replace('"**/.env*"', "src/a.ts\n    - src/b.ts"),
      line: 7,
      names: "`src/{a,b}.ts`",
    },
    {
      what: "lines inside of those forbidden",
      text: but("src/user.ts", "src/user.ts:4-9").replace("**/.env*", "src/user.ts:1-20"),
      line: 8,
      names: "src/user.ts:4-9",
    },
    {
      what: "a folder that is forbidden",
      text: but("src/user.ts", "lib/").replace("**/.env*", "src/"),
      line: 8,
      names: "src/auth.ts",
    },
    {
      what: "an expected file that is forbidden",
      text: but("validation:", "expect_files: [a/.env]\nvalidation:"),
      line: 8,
      names: "expect_files asks for `a/.env`",
    },
    {
      what: "a changes document that is forbidden",
      text: but("validation:", "changes_doc: .env.md\nvalidation:"),
      line: 8,
      names: "changes_doc asks for `.env.md`",
    },
    {
      what: "lines from last to first",
      text: but("src/user.ts", "src/user.ts:89-45"),
      line: 6,
      names: "src/user.ts:89-45",
    },
    { what: "line 0", text: but("src/user.ts", "src/user.ts:0"), line: 6, names: "src/user.ts:0" },
    {
      what: "an interface that is none",
      text: but("validation:", "interfaces:\n  - The User type\nvalidation:"),
      line: 10,
      names: "The User type",
    },
  ])("$what", async ({ text, line, names }) => {
    const gaps = await gapsOf(text);
    expect(gaps.map((gap) => gap.what).join("\n")).toContain(names);
    const gap = gaps.find(({ what }) => what.includes(names));
    expect(gap).toMatchObject({ line, fix: expect.stringMatching(/\w.*\.$/) });
    // Nothing else is wrong with it than that, file by file.
    expect(new Set(gaps.map((other) => other.line))).toEqual(new Set([line]));
  });

  test("more than 1,200 words for Codex", async () => {
    expect(await gapsOf(GOOD, { words: 1_200 })).toEqual([]);
    expect(await gapsOf(GOOD, { words: 1_201 })).toMatchObject([
      { line: 1, what: "The document has 1201 words for Codex; 1200 are the most." },
    ]);
  });

  test("a command that cannot be run", async () => {
    const commandFaults = new Map([["npm test", "there is no program npm on PATH"]]);
    expect(await gapsOf(GOOD, { commandFaults })).toMatchObject([
      { line: 10, what: "`npm test` cannot be run: there is no program npm on PATH." },
    ]);
  });
});

describe("what cannot end well is a gap:", () => {
  const eight = Array.from({ length: 8 }, (_, at) => `src/f${at}.ts`);
  test.each([
    {
      what: "fewer files than are named",
      front: `guardrails: {max_files: 7}\nexpect_files: [${eight}]\n`,
      says: "names 10 files",
    },
    {
      what: "fewer files than braces name",
      files: '["src/{a,b,c}.ts"]',
      front: "guardrails: {max_files: 2}\n",
      says: "names 3 files",
    },
    {
      what: "tests that no pattern reaches",
      front: "guardrails: {require_tests: true}\n",
      says: "no test is in scope",
    },
    { what: "tests among styles", files: '["src/**/*.css"]', front: "guardrails: {require_tests: true}\n", says: null },
    { what: "tests in a folder", files: "[src/]", front: "guardrails: {require_tests: true}\n", says: null },
    { what: "tests beside Rust", files: "[src/lib.rs]", front: "guardrails: {require_tests: true}\n", says: null },
    {
      what: "tests of another name",
      files: "[src/a.ts, cypress/login.cy.ts]",
      front: "guardrails: {require_tests: true}\n",
      says: null,
    },
    {
      what: "dependencies without a manifest",
      front: "guardrails: {allow_dependencies: [zod]}\n",
      says: "no manifest is in scope",
    },
    {
      what: "any dependency without a manifest",
      front: "guardrails: {allow_dependencies: true}\n",
      says: "no manifest is in scope",
    },
    {
      what: "dependencies with one",
      files: "[src/a.ts, packages/api/package.json]",
      front: "guardrails: {allow_dependencies: [zod]}\n",
      says: null,
    },
    {
      what: "dependencies with one for each package",
      files: '["packages/*/pyproject.toml"]',
      front: "guardrails: {allow_dependencies: [httpx]}\n",
      says: null,
    },
    { what: "a command that always succeeds", validation: '["true"]', says: "`true` succeeds whatever" },
    { what: "two of them", validation: '[":", "echo fine && exit 0"]', says: "succeeds whatever" },
    { what: "a command whose failure is swallowed", validation: '["npm test || true"]', says: "succeeds whatever" },
    { what: "one beside a real command", validation: '["echo begins", npm test]', says: null },
    { what: "a real one that begins with such a word", validation: '["true && npm test"]', says: null },
  ])("$what: $says", async ({ files = "[src/auth.ts, src/user.ts]", front = "", validation = "[npm test]", says }) => {
    const body = GOOD.slice(GOOD.indexOf("---\n\n## Tasks"));
    const gaps = await gapsOf(`---\ntask_id: a\nscope:\n  files: ${files}\nvalidation: ${validation}\n${front}${body}`);
    expect(gaps.map(({ what }) => what)).toEqual(says === null ? [] : [expect.stringContaining(says)]);
  });

  test("the example, as `handoff new` wrote it", async () => {
    const text = newDocument(documentName("login"), "npm test");
    expect(await gapsOf(text)).toMatchObject([{ what: expect.stringContaining("still the example") }]);
    // The first edit that comes to mind is refused by nothing else that it says.
    const folder = text.replace(/ {4}- src\/login.ts\n {4}- tests\/login.test.ts/, "    - src/\n    - tests/");
    expect(await gapsOf(folder)).toEqual([]);
    expect(await gapsOf(text.replace(/^1\. In `src.*$/m, "1. In `src/login.ts`, count the failures."))).toEqual([]);
  });
});

test("all gaps are told at once, from the top down", async () => {
  const gaps = await gapsOf(
    "---\ntask_id: a\nscope:\n  files: [src/**]\n  forbid: [src/a.ts]\n---\n\n## Tasks\n\n1. Clean up.\n",
  );
  expect(gaps.map(({ line }) => line)).toEqual([1, 1, 10, 10]);
});

describe("no gap is", () => {
  test.each([
    {
      what: "other lines of the same file",
      text: but("src/user.ts", "src/user.ts:1-9").replace("**/.env*", "src/user.ts:10-20"),
    },
    { what: "a task without a file where the scope is made of files", text: but("In `src/auth.ts`, return", "Return") },
    {
      what: "a folder that is allowed but for a part of it",
      text: but("src/user.ts", "lib/").replace("**/.env*", "lib/generated/"),
    },
    { what: "a folder without one file", text: open("**/.env*", "lib/secret.txt") },
    { what: "globs with a file in common", text: but("src/user.ts", '"**/*.ts"').replace("**/.env*", "lib/**") },
    { what: "a file whose name ends a path in scope", text: open("`src/auth.ts`", "auth.ts") },
    { what: "a vague phrase beside what is to be done", text: but("expired token.", "expired token, and clean up.") },
    { what: "one in a criterion", text: but("gives null.", "gives null, and so on.") },
    { what: "one in the notes", text: `${GOOD}\n## Why\n\nImprove the\ncode.\n` },
    { what: "a phrase in code", text: but("return null", "print `clean up`") },
    { what: "a phrase that is ruled out", text: but("expired token.", "expired token. Do not refactor or clean up.") },
    { what: "a phrase in the constraints", text: but("validation:", "constraints: [Clean up nothing]\nvalidation:") },
    {
      what: "a scope of a document alone",
      text: but("  files:\n    - src/auth.ts\n    - src/user.ts\n", "").replace(
        "validation:",
        "changes_doc: REVIEW.md\nvalidation:",
      ),
    },
  ])("$what", async ({ text }) => {
    expect(await gapsOf(text, { files: ["src/auth.ts", "src/user.ts"] })).toEqual([]);
  });

  test("a file that exists without a slash or a dot in its name", async () => {
    const text = open("`src/auth.ts`", "Makefile");
    expect(await gapsOf(text)).toMatchObject([{ what: "Task 1 names no exact file path." }]);
    expect(await gapsOf(text, { files: ["Makefile"] })).toEqual([]);
  });
});

describe("a policy", () => {
  test("names the fields that a document needs", async () => {
    const requiredFields = [
      "commit",
      "changes_doc",
      "interfaces",
      "validation_steps",
      "title",
      "type",
      "guardrails",
    ] as const;
    const gaps = await gapsOf(GOOD, { policy: { ...DEFAULT_POLICY, requiredFields } });
    const named = gaps.map(({ what }) => what.split(" ", 1)[0]);
    expect(named).toEqual(["commit", "changes_doc", "interfaces", "title", "type", "guardrails"]);
    const unproved = but("validation:\n  - npm test\n", "");
    const policy: Policy = { ...DEFAULT_POLICY, requiredFields: ["validation_steps", "validation"] };
    expect(await gapsOf(unproved, { policy })).toMatchObject([{ what: "There is no validation step." }]);
  });

  test("may want every task to name its file", async () => {
    const text = but("In `src/auth.ts`, return", "Return");
    const policy: Policy = { ...DEFAULT_POLICY, requiredFields: ["exact_file_paths"] };
    expect(await gapsOf(text, { policy })).toMatchObject([{ what: "Task 1 names no exact file path." }]);
  });

  test("may do without validation", async () => {
    const policy = { ...DEFAULT_POLICY, requireValidation: false };
    expect(await gapsOf(but("validation:\n  - npm test\n", ""), { policy })).toEqual([]);
  });

  test("has its own phrases", async () => {
    const policy = { ...DEFAULT_POLICY, forbiddenPhrases: ["expired token"] };
    const text = but("An expired token gives", "Clean up: it gives");
    expect(await gapsOf(text, { policy })).toMatchObject([
      { line: 15, what: expect.stringContaining('"expired token"') },
    ]);
  });
});
