import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadContract } from "../../../src/handoff/contract/contract.ts";
import { appendLesson } from "../../../src/handoff/contract/lessons.ts";
import { promptFor, wordCount } from "../../../src/handoff/contract/prompt.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const DOCUMENT = `---
task_id: auth-001
read: [docs/auth.md, src/user.ts]
scope:
  files: [src/auth.ts, "src/user.ts:45-89"]
  forbid: ["**/.env*"]
interfaces: ["src/user.ts#User"]
constraints: [Do not change the log format]
validation: [npm test]
expect_files: [tests/auth.test.ts]
guardrails:
  max_files: 3
  allow_dependencies: [zod]
commit: Reject expired tokens
changes_doc: CODEX-AUTH-CHANGES.md
lessons: [Clocks go wrong]
---
# Reject

Why it is done.

## Tasks

1. In \`src/auth.ts\`, return null
   for an expired token.
2. In \`tests/auth.test.ts\`, test it.

## Success criteria

- An expired token gives null.
`;

async function project(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

describe("a contract", () => {
  test("is the document with what policy and lessons add", async () => {
    await using temp = await tempFolder();
    const policy =
      "executors: { codex: [Only what was requested] }\nguardrails: { max_files: 9, require_tests: true }\n";
    await project(temp.path, { "docs/CODEX-AUTH.md": DOCUMENT, ".ask-codex/policy.yaml": policy });
    const path = join(temp.path, "docs", "CODEX-AUTH.md");
    const learned = { date: "2026-11-21", taskId: "x", scope: ["src/*.ts"] };
    const lessons = join(temp.path, ".ask-codex", "lessons.md");
    await appendLesson(
      { root: temp.path, path: lessons, document: path },
      { ...learned, kind: "anti-pattern", text: "Two clocks." },
    );
    await appendLesson(
      { root: temp.path, path: lessons, document: path },
      { ...learned, kind: "pattern", text: "One clock." },
    );
    await appendLesson(
      { root: temp.path, path: lessons, document: path },
      { ...learned, kind: "pattern", text: "Of others.", scope: ["lib/"] },
    );
    expect(await loadContract(path, temp.path)).toMatchObject({
      document: "docs/CODEX-AUTH.md",
      guardrails: {
        maxFiles: 3,
        maxLines: null,
        requireTests: true,
        allowDependencies: ["zod"],
        forbidDeletedTests: true,
        formerTests: true,
      },
      rules: ["Only what was requested"],
      lessons: ["Clocks go wrong", "Do: One clock.", "Avoid: Two clocks."],
    });
  });

  test("has the policy that is nearest to the document", async () => {
    await using temp = await tempFolder();
    const policy = (files: number) => `guardrails: { max_lines: ${files} }\n`;
    await project(temp.path, {
      "tree/.ask-codex/policy.yaml": policy(1),
      "tree/packages/a/.ask-codex/policy.yaml": policy(2),
      "tree/packages/a/CODEX-A.md": DOCUMENT,
      "tree/CODEX-A.md": DOCUMENT,
      "outside/.ask-codex/policy.yaml": policy(3),
      "outside/CODEX-A.md": DOCUMENT,
    });
    const root = join(temp.path, "tree");
    const maxLines = async (path: string) => (await loadContract(join(temp.path, path), root)).guardrails.maxLines;
    expect(await maxLines("tree/packages/a/CODEX-A.md")).toBe(2);
    expect(await maxLines("tree/CODEX-A.md")).toBe(1);
    expect(await maxLines("outside/CODEX-A.md")).toBe(1);
  });

  test("knows a document outside of the work tree, and one that is reached through a link", async () => {
    await using temp = await tempFolder();
    await project(temp.path, { "CODEX-A.md": DOCUMENT, "tree/docs/CODEX-B.md": DOCUMENT });
    await symlink(join(temp.path, "tree"), join(temp.path, "link"));
    const root = join(temp.path, "tree");
    expect(await loadContract(join(temp.path, "CODEX-A.md"), root)).toMatchObject({ document: null });
    expect(await loadContract(join(temp.path, "link", "docs", "CODEX-B.md"), root)).toMatchObject({
      document: "docs/CODEX-B.md",
    });
  });

  test("takes the newest of many lessons", async () => {
    await using temp = await tempFolder();
    await project(temp.path, { "CODEX-A.md": DOCUMENT });
    const path = join(temp.path, "CODEX-A.md");
    for (let at = 0; at < 30; at++) {
      const lesson = {
        date: "2026-11-21",
        kind: "pattern" as const,
        taskId: "x",
        scope: [],
        text: `Lesson ${at}, ${"word ".repeat(18)}`,
      };
      await appendLesson(
        { root: temp.path, path: join(temp.path, ".ask-codex", "lessons.md"), document: path },
        lesson,
      );
    }
    const { lessons } = await loadContract(path, temp.path);
    expect(lessons.map((text) => /\d+/.exec(text)?.[0])).toEqual([undefined, "29", "28", "27", "26", "25"]);
  });

  test("what is not a document is an error with file, line and fix", async () => {
    await using temp = await tempFolder();
    await project(temp.path, { "CODEX-A.md": "---\ntask_id: a\nread: x\ncolour: red\n---\n" });
    const path = join(temp.path, "CODEX-A.md");
    await expect(loadContract(path, temp.path)).rejects.toMatchObject({
      kind: "usage",
      message: `${path}:3: read is not a list. (and 1 more: see ask_codex handoff check)`,
    });
  });
});

describe("the prompt", () => {
  test("says everything that the contract holds Codex to, the same each time", async () => {
    await using temp = await tempFolder();
    await project(temp.path, { "CODEX-AUTH.md": DOCUMENT });
    const prompt = async () =>
      promptFor(await loadContract(join(temp.path, "CODEX-AUTH.md"), temp.path), "CODEX-AUTH.md");
    expect(await prompt()).toBe(await prompt());
    expect(await prompt()).toBe(PROMPT);
    expect(wordCount(PROMPT)).toBeLessThan(250);
  });

  test("leaves out what there is none of", async () => {
    await using temp = await tempFolder();
    const bare =
      "---\ntask_id: a\nguardrails: { max_files: 1, max_lines: 9, require_tests: true, allow_dependencies: true, forbid_deleted_tests: false }\n---\n";
    await project(temp.path, { "a.md": bare });
    const prompt = promptFor(await loadContract(join(temp.path, "a.md"), temp.path), "a.md");
    expect(prompt.split("\n\n").slice(1, -2)).toEqual([
      "Limits: at most 1 file; at most 9 lines added and removed together; tests are among the changes.",
    ]);
  });
});

test.each([
  { text: "", words: 0 },
  { text: " one  two\nthree ", words: 3 },
  { text: "- `src/a b.ts` — and 3 more:", words: 5 },
  { text: "日本語 ü", words: 2 },
])("$text has $words words", ({ text, words }) => {
  expect(wordCount(text)).toBe(words);
});

const PROMPT = `Read \`CODEX-AUTH.md\` and implement all of its tasks. Your work is checked against it by a program.

Read these first, in this order:
1. docs/auth.md
2. src/user.ts

Tasks:
1. In \`src/auth.ts\`, return null
   for an expired token.
2. In \`tests/auth.test.ts\`, test it.

Change only these files (with lines: only those lines):
- src/auth.ts
- src/user.ts:45-89

These files must exist when you are done:
- tests/auth.test.ts

Limits: at most 3 files; no new dependencies but zod; no test is deleted or skipped.

Do not touch:
- **/.env*

Keep these interfaces as they are:
- src/user.ts#User

Constraints:
- Do not change the log format

Success criteria:
- An expired token gives null.

These commands must succeed; run them, they are run again afterwards:
- npm test

Write \`CODEX-AUTH-CHANGES.md\`: every file you changed, by its path, and what changed in it.

Learned from earlier work:
- Clocks go wrong

Do not commit: your sandbox keeps .git read-only, and the caller commits. Leave the document, .ask-codex and git hooks as they are. What you cannot do inside these bounds you report instead of doing it.

End your last message with one line that is one of:
DONE
BLOCKED: <reason>
PARTIAL: <what remains>
`;
