import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { say } from "../../support/model/replies.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

const DOCUMENT = (id: string, after = "") => `---
task_id: ${id}
${after}scope:
  files: [src/${id}.ts]
validation: [node --test]
---

# ${id}

## Tasks

1. Change src/${id}.ts so that it returns 2 instead of 1.

## Success criteria

1. \`node --test\` succeeds.
`;

const FILES = {
  "src/a.ts": "export const a = 1;\n",
  "src/b.ts": "export const b = 1;\n",
  "package.json": "{}\n",
  ".gitignore": "*.img\nlocal\nnotes\n",
};

const GOOD = "tasks: [{id: a, prompt: A., files: [src/a.ts]}, {id: b, prompt: B., after: [a]}]";

test("a plan is looked at before anything starts, and nothing is left of the look", async () => {
  await using world = await createWorld({ script: () => say("never"), files: FILES });
  const { check, put } = plansIn(world);
  const gone = join(world.home, "gone.yaml");
  expect((await check(gone)).stderr).toContain(`The plan cannot be read: ${gone} (there is no such file)`);
  const unknown = await ask(world, ["batch", "status", "nope"]);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("Start one: ask_codex batch <plan>")]);

  const good = await put("good.yaml", GOOD);
  const ready = await check(good);
  expect([ready.code, ready.stderr]).toEqual([0, ""]);
  expect(ready.keys).toMatchObject({
    tasks: "2",
    worktrees: "yes",
    merge: "apply",
    turns: "2-4",
    faults: "0",
    ready: "yes",
  });

  const meeting = await put(
    "meeting.yaml",
    "tasks: [{id: a, prompt: A., files: [src/]}, {id: b, prompt: B., files: ['src/*.ts']}]",
  );
  const beside = await check(meeting, "--worktree", "never");
  expect([beside.code, beside.stderr]).toEqual([
    1,
    expect.stringContaining("a: It may write what b writes at the same time (src/ and src/*.ts)"),
  ]);
  expect((await check(meeting)).stderr).toContain("[WARNING] a: It may write what b writes");
  expect(world.model.requests).toEqual([]);
});

inMatrix(() => {
  test("whatever would stop a plan is found by the look: tasks that wait for one another, edits, room, secrets, places", async () => {
    await using world = await createWorld({ script: () => say("never"), files: FILES });
    const { check, put } = plansIn(world);
    const good = await put("good.yaml", GOOD);
    const cycle = await ask(world, ["batch", "check", "-", "--json"], {
      stdin: { text: '{"id":"a","prompt":"A.","after":["b"]}\n{"id":"b","prompt":"B.","after":["a"]}\n' },
    });
    expect(JSON.parse(cycle.stdout)).toMatchObject({
      ready: false,
      faults: [{ task: "a", what: "These tasks wait for one another: a → b → a" }],
    });

    await put("docs/CODEX-A.md", DOCUMENT("a"));
    await put("docs/CODEX-B.md", DOCUMENT("b", "after: [a]\n"));
    await put("docs/README.md", "# Not a document\n");
    const folder = await check(join(world.home, "plans", "docs"), "--json");
    expect(JSON.parse(folder.stdout)).toMatchObject({
      faults: [],
      tasks: [
        { id: "a", after: [], files: ["src/a.ts"] },
        { id: "b", after: ["a"] },
      ],
    });
    await put("docs/CODEX-C.md", DOCUMENT("c").replace(/1\. Change.*/, ""));
    expect((await check(join(world.home, "plans", "docs"))).stderr).toMatch(/^c: .*CODEX-C\.md/m);

    await writeFile(join(world.workspace, "src/a.ts"), "export const a = 3;\n");
    const edited = await check(good);
    expect(edited.stderr).toContain("a: Not committed, and in its scope: src/a.ts.");
    expect(edited.stderr).toContain(
      "[WARNING] Not committed, and no worktree has it: src/a.ts. These may change any file: b.",
    );
    expect((await check(good, "--merge", "branch")).code).toBe(0);

    // A hole takes no room here; a copy of it may.
    await writeFile(join(world.workspace, "large.img"), "");
    await truncate(join(world.workspace, "large.img"), 4 * 1024 ** 4);
    const full = await check(good, "--merge", "branch", "--copy", "large.img", "--parallel", "2");
    expect([full.code, full.keys["disk_needed_mb"]]).toEqual([1, expect.stringMatching(/^87960\d\d$/)]);
    expect(full.stderr).toMatch(
      /^Worktrees need 87960\d\d MB, and \d+ MB are free\. Make room, or lower --parallel\.$/m,
    );

    const secret = await check(good, "--merge", "branch", "--copy", ".env");
    expect([secret.code, secret.stderr]).toEqual([1, expect.stringContaining("it looks as if it held secrets")]);
    // Also deeper down, and by another name; not where a package manager puts samples.
    await mkdir(join(world.workspace, "local/node_modules/lib"), { recursive: true });
    await writeFile(join(world.workspace, "local/node_modules/lib/.env"), "");
    const local = () => check(good, "--merge", "branch", "--copy", "local");
    expect((await local()).code).toBe(0);
    await writeFile(join(world.workspace, "local/.env.test"), "");
    expect((await local()).stderr).toContain("--copy local: local/.env.test looks as if it held secrets");
    await symlink("local/.env.test", join(world.workspace, "notes"));
    for (const [path, why] of [
      ["notes", "it looks as if it held secrets"],
      ["../elsewhere", "it is not below"],
      ["src", "git does not ignore it"],
      ["gone.log", "there is no such path"],
    ] as const) {
      const refused = await check(good, "--merge", "branch", "--copy", path);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`--copy ${path}: ${why}`)]);
    }
    await mkdir(join(world.home, ".config/ask-codex"), { recursive: true });
    await writeFile(join(world.home, ".config/ask-codex/config.yaml"), "batch: {copy: [.env]}\n");
    expect((await check(good, "--merge", "branch", "--copy", ".env")).code).toBe(0);

    const outside = await check(good, "-w", world.home);
    const why = `[ERROR] The tasks of a batch begin with a commit, and ${world.home} is not in a git work tree.`;
    expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining(why)]);
    // A file where the state folder would be.
    const stateless = await ask(world, ["batch", good], { env: { ASK_CODEX_HOME: join(good, "state") } });
    expect([stateless.code, stateless.stderr]).toEqual([
      1,
      expect.stringContaining("The state folder cannot be written"),
    ]);
    expect(world.model.requests).toEqual([]);
  });
});

function plansIn(world: World) {
  return {
    check: (plan: string, ...flags: readonly string[]) => ask(world, ["batch", "check", plan, ...flags]),
    put: async (path: string, text: string) => {
      await mkdir(join(world.home, "plans", "docs"), { recursive: true });
      await writeFile(join(world.home, "plans", path), text);
      return join(world.home, "plans", path);
    },
  };
}
