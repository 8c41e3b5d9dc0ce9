import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadRole } from "../../../src/ask/prompt/role.ts";
import { ROOT } from "../../support/paths.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const own = join(ROOT, "roles");

/** A project with these roles, in a repository or not. */
async function projectWith(root: string, roles: Readonly<Record<string, string>>, git = true): Promise<string> {
  const workspace = join(root, "project", "src");
  await mkdir(workspace, { recursive: true });
  if (git) await mkdir(join(root, "project", ".git"));
  for (const [name, text] of Object.entries(roles)) {
    const path = join(root, "project", ".ask-codex", "roles", `${name}.md`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return workspace;
}

const role = (front: string, text = "Do it so.") => `---\n${front}\n---\n${text}\n`;

test.each([
  { name: "scout", sandbox: "read-only", effort: "low" },
  { name: "writer", sandbox: "workspace-write", effort: null },
  { name: "reviewer", sandbox: "read-only", effort: "high" },
  { name: "debugger", sandbox: "workspace-write", effort: "high" },
  { name: "architect", sandbox: "read-only", effort: "high" },
])("the package has the role $name", async ({ name, sandbox, effort }) => {
  const loaded = await loadRole(name, { own, workspace: "/" });
  expect(loaded).toMatchObject({ name, sandbox, effort });
  expect(loaded.frame).toContain(`You are the ${name}`);
});

describe("a project's role", () => {
  test.each([
    { what: "is found above the folder that Codex works in", git: true },
    { what: "needs no repository", git: false },
  ])("$what", async ({ git }) => {
    await using temp = await tempFolder();
    const text = role("description: At night\nsandbox: read-only\neffort: medium");
    const workspace = await projectWith(temp.path, { operator: text }, git);
    const expected = { name: "operator", sandbox: "read-only", effort: "medium", frame: "Do it so." };
    expect(await loadRole("operator", { own, workspace })).toEqual(expected);
  });

  test("is not looked for outside of the repository", async () => {
    await using temp = await tempFolder();
    const workspace = await projectWith(temp.path, { operator: role("description: x") });
    const inner = join(workspace, "inner");
    await mkdir(join(inner, ".git"), { recursive: true });
    await expect(loadRole("operator", { own, workspace: inner })).rejects.toThrow("--role operator is unknown");
  });

  test.each([
    { what: "cannot give write access", theirs: "operator", sandbox: "workspace-write", expected: null },
    {
      what: "cannot take read-only away from a role of ours",
      theirs: "scout",
      sandbox: "workspace-write",
      expected: "read-only",
    },
    { what: "can narrow a role of ours", theirs: "writer", sandbox: "read-only", expected: "read-only" },
  ])("$what", async ({ theirs, sandbox, expected }) => {
    await using temp = await tempFolder();
    const workspace = await projectWith(temp.path, { [theirs]: role(`description: x\nsandbox: ${sandbox}`, "Mine.") });
    expect(await loadRole(theirs, { own, workspace })).toMatchObject({ sandbox: expected, frame: "Mine." });
  });

  test.each([
    { fault: "asks for full access", text: role("description: x\nsandbox: danger-full-access"), says: "sandbox" },
    { fault: "asks for the network", text: role("description: x\nnetwork: true"), says: "network" },
    { fault: "has no description", text: role("effort: low"), says: "description" },
    { fault: "has no front matter", text: "Do it so.\n", says: "description" },
    { fault: "has front matter that is not YAML", text: role("description: [x"), says: "not usable" },
    { fault: "says nothing", text: role("description: x", ""), says: "says nothing" },
    { fault: "is a program", text: "---js\n{ description: globalThis.ran = 'x' }\n---\nDo it.\n", says: "a program" },
    { fault: "is a program by its long name", text: "---javascript\n{}\n---\nDo it.\n", says: "a program" },
  ])("that $fault is refused in one line that names the file", async ({ text, says }) => {
    await using temp = await tempFolder();
    const workspace = await projectWith(temp.path, { operator: text });
    const refused = loadRole("operator", { own, workspace });
    await expect(refused).rejects.toMatchObject({
      kind: "usage",
      message: expect.stringMatching(/operator\.md[^\n]*$/),
    });
    await expect(refused).rejects.toThrow(says);
    expect(globalThis).not.toHaveProperty("ran");
  });
});

test.each(["nobody", "../scout", "Scout", ""])(
  "a role that does not exist is refused with those that do: %j",
  async (name) => {
    await using temp = await tempFolder();
    const workspace = await projectWith(temp.path, { operator: role("description: x") });
    await expect(loadRole(name, { own, workspace })).rejects.toMatchObject({
      message: `--role ${name} is unknown.`,
      hint: "Use architect, debugger, operator, orchestrator, reviewer, scout, writer.",
    });
  },
);
