import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../src/handoff/document/document.ts";
import { documentName, likelyValidation, newDocument } from "../../../src/handoff/document/new.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test.each([
  { name: "auth", file: "CODEX-AUTH.md", slug: "auth" },
  { name: "Token expiry", file: "CODEX-TOKEN-EXPIRY.md", slug: "token-expiry" },
  { name: "CODEX-AUTH.md", file: "CODEX-AUTH.md", slug: "auth" },
  { name: "v1.2_x", file: "CODEX-V1.2-X.md", slug: "v1.2-x" },
])("$name is written into $file", ({ name, file, slug }) => {
  expect(documentName(name)).toMatchObject({ file, slug });
});

test.each(["", " ", "../x", "a/b", "-a", "ü", "a".repeat(61), "a\nb!"])("%j is not a name", (name) => {
  expect(() => documentName(name)).toThrow("is not a name for a handoff");
});

test.each(["auth", "Token expiry", "a".repeat(60), "0"])(
  "the example for %j can be read, and says everything",
  async (about) => {
    const name = documentName(about);
    const { document } = await parseDocument(newDocument(name, 'npm test -- "all"'));
    expect(document?.handoff).toMatchObject({
      taskId: `${name.slug}-001`,
      validation: ['npm test -- "all"'],
      changesDoc: name.changes,
      commit: expect.stringMatching(/\w/),
    });
    const { tasks, criteria, scope } = document?.handoff ?? {};
    expect([tasks, criteria, scope?.files, scope?.forbid].map((list) => list?.length ?? 0)).toEqual([2, 2, 2, 1]);
  },
);

describe("the command that proves the work", () => {
  test.each([
    { what: "a package with tests", file: "package.json", text: '{"scripts": {"test": "x"}}', command: "npm test" },
    { what: "a package without", file: "package.json", text: "{}", command: "git diff --check" },
    { what: "a broken package", file: "package.json", text: "{", command: "git diff --check" },
    { what: "Rust", file: "Cargo.toml", text: "", command: "cargo test" },
    { what: "Go", file: "go.mod", text: "", command: "go test ./..." },
    { what: "Python", file: "pyproject.toml", text: "", command: "python3 -m pytest" },
    { what: "make", file: "Makefile", text: "", command: "make test" },
    { what: "nothing that is known", file: "README.md", text: "", command: "git diff --check" },
  ])("in $what is $command", async ({ file, text, command }) => {
    await using temp = await tempFolder();
    await mkdir(join(temp.path, "tree"));
    await writeFile(join(temp.path, "tree", file), text);
    expect(await likelyValidation(join(temp.path, "tree"))).toBe(command);
  });
});
