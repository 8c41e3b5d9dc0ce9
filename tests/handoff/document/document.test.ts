import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument, readDocument } from "../../../src/handoff/document/document.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const WHOLE = `---
task_id: auth-001
type: bugfix
read: [docs/auth.md]
scope:
  files:
  - src/auth.ts:45-89
  # the tests as well
  - "tests/my auth.test.ts"
  forbid:
    - "**/.env*"
interfaces:
  - "src/user.ts#User"
validation:
  - npm test
  - |
    npm run typecheck
expect_files:
guardrails:
  max_files: 2
  max_lines: null
  allow_dependencies: [zod]
commit: "Reject expired tokens"
---
# Reject expired tokens

They were accepted until now.

## Tasks

Do them in this order:

1. In \`src/auth.ts\`, return null
   for an expired token:

   \`\`\`ts
   ## no heading
   \`\`\`
2. In \`tests/my auth.test.ts\`,
test it.
   - with one that is valid

### Later

3) Nothing else.

## Acceptance Criteria:

- [ ] Expired tokens give null.
* Valid ones
  give the user.

## Why

1. no task
`;

async function handoffOf(text: string) {
  const { document } = await parseDocument(text);
  return document;
}

async function gapsOf(text: string) {
  const parsed = await parseDocument(text);
  return parsed.document === null ? parsed.gaps : [];
}

describe("a markdown document", () => {
  test("says everything by its front matter and its body", async () => {
    expect((await handoffOf(WHOLE))?.handoff).toEqual({
      taskId: "auth-001",
      type: "bugfix",
      title: "Reject expired tokens",
      read: ["docs/auth.md"],
      scope: { files: ["src/auth.ts:45-89", "tests/my auth.test.ts"], forbid: ["**/.env*"] },
      interfaces: ["src/user.ts#User"],
      constraints: [],
      validation: ["npm test", "npm run typecheck"],
      expectFiles: [],
      guardrails: { maxFiles: 2, maxLines: null, allowDependencies: ["zod"] },
      commit: "Reject expired tokens",
      changesDoc: null,
      lessons: [],
      after: [],
      tasks: [
        { text: "In `src/auth.ts`, return null\nfor an expired token:\n\n```ts\n## no heading\n```", line: 33 },
        { text: "In `tests/my auth.test.ts`,\ntest it.\n- with one that is valid", line: 39 },
        { text: "Nothing else.", line: 45 },
      ],
      criteria: [
        { text: "Expired tokens give null.", line: 49 },
        { text: "Valid ones\ngive the user.", line: 50 },
      ],
      notes: expect.stringMatching(/^They were accepted[\s\S]*Do them in[\s\S]*### Later[\s\S]*## Why\n\n1\. no task$/),
    });
  });

  test("tells the line of every field and item", async () => {
    const lines = (await handoffOf(WHOLE))?.lines;
    const expected = {
      task_id: 2,
      read: 4,
      "scope.files": 6,
      "scope.files[0]": 7,
      "scope.files[1]": 9,
      "scope.forbid[0]": 11,
      "interfaces[0]": 13,
      "validation[1]": 16,
      expect_files: 18,
      "guardrails.allow_dependencies": 22,
      commit: 23,
      tasks: 29,
      success_criteria: 47,
    };
    for (const [field, line] of Object.entries(expected)) expect([field, lines?.get(field)]).toEqual([field, line]);
  });

  test("has no section where a fence holds its heading", async () => {
    const handoff = (await handoffOf("---\ntask_id: a\n---\n```\n# A\n## Tasks\n1. one\n```\n"))?.handoff;
    expect(handoff).toMatchObject({ title: "", tasks: [], notes: "```\n# A\n## Tasks\n1. one\n```" });
  });

  test.each([
    { what: "no front matter", text: "# Only words\n", line: 1, names: "no front matter" },
    { what: "no id", text: "---\ntype: x\n---\n", line: 1, names: "task_id" },
    { what: "an id that is a number", text: "---\ntask_id: 001\n---\n", line: 2, names: "task_id is not text" },
    { what: "an id that is a date", text: "---\ntask_id: 2026-11-21\n---\n", line: 2, names: "task_id is not text" },
    { what: "an id with a slash", text: "---\ntask_id: ../x\n---\n", line: 2, names: "task_id" },
    { what: "an unknown key", text: "---\ntask_id: a\ncolour: red\n---\n", line: 3, names: "colour" },
    {
      what: "an unknown key below another",
      text: "---\ntask_id: a\nscope:\n  file: x\n---\n",
      line: 4,
      names: "scope.file",
    },
    { what: "a text for a list", text: "---\ntask_id: a\nread: x\n---\n", line: 3, names: "read is not a list" },
    {
      what: "a number in a list",
      text: "---\ntask_id: a\nread:\n- b\n- 3\n---\n",
      line: 5,
      names: "read[1] is not text",
    },
    { what: "an empty item", text: '---\ntask_id: a\nread:\n- " "\n---\n', line: 4, names: "read[0] is empty" },
    { what: "an absolute path", text: "---\ntask_id: a\nread:\n- /etc/passwd\n---\n", line: 4, names: "read[0]" },
    {
      what: "a path that leaves the tree",
      text: "---\ntask_id: a\nscope:\n  files:\n  - src/../../x\n---\n",
      line: 5,
      names: "scope.files[0]",
    },
    {
      what: "a negative limit",
      text: "---\ntask_id: a\nguardrails:\n  max_files: -1\n---\n",
      line: 4,
      names: "guardrails.max_files",
    },
    {
      what: "half a file",
      text: "---\ntask_id: a\nguardrails:\n  max_files: 1.5\n---\n",
      line: 4,
      names: "guardrails.max_files",
    },
    {
      what: "dependencies by word",
      text: "---\ntask_id: a\nguardrails:\n  allow_dependencies: some\n---\n",
      line: 4,
      names: "allow_dependencies",
    },
    { what: "broken YAML", text: "---\ntask_id: a\nread: [b\n---\n", line: 3, names: "front matter cannot be read" },
    {
      what: "front matter that is a program",
      text: "---js\n{ task_id: process.exit(3) }\n---\n",
      line: 1,
      names: "a program",
    },
    {
      what: "front matter that is JSON",
      text: '---json\n{ "task_id": "a" }\n---\n',
      line: 1,
      names: "front matter cannot be read",
    },
    { what: "front matter that is a list", text: "---\n- a\n---\n", line: 1, names: "group of fields" },
    {
      what: "front matter that never ends",
      text: "---\ntask_id: a\n\n# Title\n\nSome words: more\n- x\n",
      line: 1,
      names: "no end",
    },
  ])("with $what is refused, with the line", async ({ text, line, names }) => {
    const gaps = await gapsOf(text);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ line, what: expect.stringContaining(names), fix: expect.stringMatching(/\w/) });
    expect(gaps[0]?.what).not.toContain("\n");
  });

  test("with several faults is refused with all of them at once", async () => {
    const gaps = await gapsOf("---\ntask_id: 1\nread: x\nguardrails:\n  maxFiles: 1\n---\n");
    expect(gaps.map(({ line }) => line).sort()).toEqual([2, 3, 5]);
    expect(gaps.map(({ fix }) => fix)).toContain("Did you mean guardrails.max_files?");
  });
});

describe("a file that is not a document", () => {
  test.each([
    { what: "is not there", make: async () => {}, names: "there is no such file" },
    { what: "is a folder", make: (path: string) => mkdir(path), names: "it is a folder" },
    { what: "is empty", make: (path: string) => writeFile(path, " \n"), names: "it is empty" },
    {
      what: "has 2 MB",
      make: (path: string) => writeFile(path, "---\ntask_id: a\n---\n".padEnd(2 << 20, "x")),
      names: "2048 KB",
    },
    {
      what: "is not UTF-8",
      make: (path: string) => writeFile(path, Buffer.from("---\ntask_id: caf\xe9\n", "latin1")),
      names: "UTF-8",
    },
    { what: "is not text", make: (path: string) => writeFile(path, "a\0b"), names: "it is not text" },
  ])("because it $what is named, in one line", async ({ make, names }) => {
    await using temp = await tempFolder();
    const path = join(temp.path, "CODEX-X.md");
    await make(path);
    await expect(readDocument(path)).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining(names) });
    await expect(readDocument(path)).rejects.toMatchObject({ message: expect.stringContaining(path) });
  });
});
