import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY, POLICY_PATH, readPolicy } from "../../../src/handoff/contract/policy.ts";
import { withHeadings } from "../../../src/handoff/document/headings.ts";
import { tempFolder } from "../../support/temp-folder.ts";

async function write(folder: string, text: string): Promise<string> {
  const path = join(folder, POLICY_PATH);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

test("what holds without a policy", () => {
  expect(DEFAULT_POLICY).toMatchObject({
    guardrails: {
      maxFiles: null,
      maxLines: null,
      requireTests: false,
      allowDependencies: false,
      forbidDeletedTests: true,
      formerTests: true,
    },
    requireValidation: true,
    lessons: ".ask-codex/lessons.md",
  });
  expect(DEFAULT_POLICY.forbiddenPhrases).toEqual(
    expect.arrayContaining(["clean up", "improve the code", "refactor while you're at it"]),
  );
});

describe("a policy", () => {
  test.each([
    { what: "that is not there", text: null },
    { what: "that is empty", text: "" },
    { what: "of nothing but a comment", text: "# later\n" },
    { what: "of empty fields", text: "guardrails:\nforbidden_phrases:\n" },
  ])("$what leaves everything as it is", async ({ text }) => {
    await using temp = await tempFolder();
    const path = text === null ? null : await write(temp.path, text);
    expect(await readPolicy(temp.path, temp.path)).toEqual({ ...DEFAULT_POLICY, path });
  });

  test("may say everything", async () => {
    await using temp = await tempFolder();
    const text = `---
delegation:
  precise_patterns: [debug]
  orchestration_patterns: []
executors:
  codex:
    - Only implement what was requested.
  claude: [Do not over-engineer]
guardrails:
  max_files: 3
  max_lines: 200
  require_tests: true
  require_validation: false
  allow_dependencies: [zod]
  sandbox_checks: true
required_fields: [commit, exact_file_paths]
forbidden_phrases: [polish]
headings: {tasks: [Was zu tun ist]}
lessons: docs/lessons.md
`;
    const path = await write(temp.path, `\uFEFF${text.replaceAll("\n", "\r\n")}`);
    expect(await readPolicy(temp.path, temp.path)).toEqual({
      path,
      delegation: { precise: ["debug"], orchestration: [] },
      executors: { codex: ["Only implement what was requested."], claude: ["Do not over-engineer"] },
      guardrails: {
        maxFiles: 3,
        maxLines: 200,
        requireTests: true,
        allowDependencies: ["zod"],
        forbidDeletedTests: true,
        formerTests: true,
        sandboxChecks: true,
      },
      requireValidation: false,
      requiredFields: ["commit", "exact_file_paths"],
      forbiddenPhrases: ["polish"],
      headings: withHeadings({ tasks: ["was zu tun ist"] }),
      lessons: "docs/lessons.md",
    });
  });

  test("may begin with comments, and a mark of its own", async () => {
    await using temp = await tempFolder();
    await write(temp.path, "# Ours\n\n--- # here\nlessons: a.md\n");
    expect(await readPolicy(temp.path, temp.path)).toMatchObject({ lessons: "a.md" });
    await write(temp.path, "# Ours\n---\nlessons: [\n");
    await expect(readPolicy(temp.path, temp.path)).rejects.toMatchObject({
      message: expect.stringContaining("at line 4"),
    });
  });

  test("is the nearest one, and none from above the work tree", async () => {
    await using temp = await tempFolder();
    const [root, inner] = [join(temp.path, "root"), join(temp.path, "root", "packages", "a")];
    await mkdir(inner, { recursive: true });
    await write(temp.path, "lessons: above.md");
    expect(await readPolicy(inner, root)).toEqual(DEFAULT_POLICY);
    await write(root, "lessons: root.md");
    expect(await readPolicy(inner, root)).toMatchObject({ lessons: "root.md" });
    await write(inner, "lessons: inner.md");
    expect(await readPolicy(inner, root)).toMatchObject({ lessons: "inner.md" });
    expect(await readPolicy(root, root)).toMatchObject({ lessons: "root.md" });
  });

  test.each([
    { what: "broken YAML", text: "lessons: a\nguardrails: [1\n", at: "", names: "at line 3" },
    { what: "an unknown key", text: "lessons: a\nrules: []\n", at: ":2", names: "rules is not known" },
    {
      what: "a mistyped key",
      text: "guardrails:\n  maxFiles: 3\n",
      at: ":2",
      names: "Did you mean guardrails.max_files?",
    },
    {
      what: "a wrong type",
      text: "guardrails:\n\n  max_files: three\n",
      at: ":3",
      names: "guardrails.max_files is no",
    },
    {
      what: "a text for a list",
      text: "forbidden_phrases: polish\n",
      at: ":1",
      names: "forbidden_phrases is not a list",
    },
    {
      what: "an unknown required field",
      text: "required_fields:\n- commit\n- colour\n",
      at: ":3",
      names: "required_fields[1]",
    },
    { what: "lessons outside of the tree", text: "lessons: ../lessons.md\n", at: ":1", names: "lessons is not below" },
    { what: "a byte order mark", text: "\uFEFFlessons: 3\n", at: ":1", names: "lessons is not text" },
    { what: "Windows line ends", text: "guardrails:\r\n  max_files: x\r\n", at: ":2", names: "guardrails.max_files" },
    { what: "two documents", text: "lessons: a\n---\nlessons: b\n", at: "", names: "more than one document" },
    { what: "a list", text: "- a\n", at: "", names: "group of fields" },
    { what: "words", text: "just words\n", at: "", names: "group of fields" },
  ])("with $what is refused in one line, with file and key", async ({ text, at, names }) => {
    await using temp = await tempFolder();
    const path = await write(temp.path, text);
    const refused = await readPolicy(temp.path, temp.path).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: "usage", message: expect.stringContaining(names) });
    expect(refused).toMatchObject({ message: expect.stringContaining(`${path}${at}: `) });
    expect((refused as Error).message).not.toContain("\n");
  });

  test("that is a folder is refused", async () => {
    await using temp = await tempFolder();
    await mkdir(join(temp.path, POLICY_PATH), { recursive: true });
    await expect(readPolicy(temp.path, temp.path)).rejects.toMatchObject({ kind: "usage" });
  });
});
