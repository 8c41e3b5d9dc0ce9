import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { listing } from "../../support/listing.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World, type WorldOptions } from "../../support/world.ts";

async function world(files: NonNullable<WorldOptions["files"]> = {}, git = true): Promise<World> {
  return createWorld({ script: [], files, git });
}

async function read(at: World, path: string): Promise<string> {
  return readFile(join(at.workspace, path), "utf8");
}

/** A document for work in src/auth.ts. */
function document(front = "", tasks = "1. In `src/auth.ts`, refuse expired tokens."): string {
  const rest = `## Tasks\n\n${tasks}\n\n## Success criteria\n\n- They are refused.\n`;
  return `---\ntask_id: auth-001\nscope:\n  files: [src/auth.ts, "src/my ü 'dir'/"]\n${front}---\n\n${rest}`;
}

const VALID = "validation: [git diff --check]\n";
const PROJECT = { "src/auth.ts": "", "src/my ü 'dir'/a.ts": "" };

test("a document is written, checked, and converted there and back", async () => {
  await using at = await world({ "package.json": '{"scripts": {"test": "true"}}' });
  const written = await ask(at, ["handoff", "new", "auth"]);
  expect(written).toMatchObject({ code: 0, keys: { document: join(at.workspace, "CODEX-AUTH.md") } });
  const text = await read(at, "CODEX-AUTH.md");
  expect(text).toContain("Codex itself cannot commit: its sandbox keeps .git read-only");

  const checked = await ask(at, ["handoff", "check", "CODEX-AUTH.md"]);
  expect(checked).toMatchObject({ code: 1, keys: { task_id: "auth-001", gaps: "1", warnings: "2", ready: "no" } });
  expect(checked.stderr).toMatch(/^CODEX-AUTH\.md:\d+: This is still the example that `handoff new` wrote\. /m);
  expect(checked.stderr.match(/^\[WARNING\] CODEX-AUTH\.md:\d+: .* matches no file yet\. /gm)).toHaveLength(2);

  const request = await ask(at, ["handoff", "convert", "CODEX-AUTH.md"]);
  expect(JSON.parse(request.stdout)).toMatchObject({
    task_id: "auth-001",
    validation: ["npm test"],
    changes_doc: "CODEX-AUTH-CHANGES.md",
  });
  await writeFile(join(at.workspace, "request.json"), request.stdout);
  const back = await ask(at, ["handoff", "convert", "request.json", "-o", "AGAIN.md"]);
  expect(back).toMatchObject({ code: 0, keys: { document: join(at.workspace, "AGAIN.md") } });
  expect((await ask(at, ["handoff", "convert", "AGAIN.md"])).stdout).toBe(request.stdout);
  const again = await ask(at, ["handoff", "check", "request.json"]);
  expect(again.keys).toMatchObject({ gaps: "1", warnings: "2", words: checked.keys["words"], ready: "no" });
});

test("nothing that is there is overwritten", async () => {
  await using at = await world({ "CODEX-AUTH.md": "mine", "a.md": document(VALID), "b.json": "mine" });
  const before = await listing(at.workspace);
  for (const args of [
    ["new", "auth"],
    ["convert", "a.md", "-o", "b.json"],
  ]) {
    const refused = await ask(at, ["handoff", ...args]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^\[ERROR\] There is something already, and it stays as it is: .*\n$/);
  }
  expect(await listing(at.workspace)).toEqual(before);
});

describe("check", () => {
  test("tells every gap at once, each with file, line and fix", async () => {
    const front = "  forbid: [src/**]\nvalidation: [npm test, no-such-program]\n";
    await using at = await world({ ...PROJECT, "docs/a b.md": document(front, "1. Clean up.") });
    const { code, keys, stderr } = await ask(at, ["handoff", "check", "docs/a b.md"]);
    expect(code).toBe(1);
    expect(keys).toMatchObject({ document: join(at.workspace, "docs/a b.md"), gaps: "6", warnings: "0", ready: "no" });
    const told = stderr.trimEnd().split("\n");
    expect(told).toEqual([
      expect.stringMatching(
        /^docs\/a b\.md:5: scope\.forbid has `src\/\*\*`, and scope\.files allows `src\/auth\.ts`.*\. \w.*\.$/,
      ),
      expect.stringMatching(/^docs\/a b\.md:5: .*`src\/my ü 'dir'\/`/),
      expect.stringMatching(/^docs\/a b\.md:6: `npm test` cannot be run: there is no package\.json\. \w.*\.$/),
      expect.stringMatching(/^docs\/a b\.md:6: `no-such-program` cannot be run: there is no program/),
      expect.stringMatching(/^docs\/a b\.md:11: Task 1 names no exact file path\. \w.*\.$/),
      expect.stringMatching(/^docs\/a b\.md:11: "Clean up" leaves open what to do\. \w.*\.$/),
    ]);
  });

  test("tells it all to a program as well", async () => {
    await using at = await world({ ...PROJECT, "a.md": document("read: [none.md]\n") });
    const { code, stdout, stderr } = await ask(at, ["handoff", "check", "a.md", "--json"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      schema_version: 1,
      document: join(at.workspace, "a.md"),
      task_id: "auth-001",
      ready: false,
      gaps: [{ line: 1, what: "There is no validation step.", fix: expect.any(String) }],
      warnings: [{ line: 5, what: "`none.md` matches no file yet.", fix: expect.any(String) }],
      lessons: [],
      words: expect.any(Number),
    });
  });

  inMatrix(() => {
    test("takes paths from the root of the repository, wherever it is called", async () => {
      await using at = await world({ ...PROJECT, "docs/a.md": document(VALID) });
      const inside = await ask(at, ["handoff", "check", "a.md"], { cwd: join(at.workspace, "docs") });
      expect(inside).toMatchObject({ code: 0, stderr: "" });
      const outside = await ask(
        at,
        ["handoff", "check", join(at.workspace, "docs/a.md"), "-w", join(at.workspace, "src")],
        { cwd: at.home },
      );
      expect(outside).toMatchObject({ code: 0, stderr: "" });
    });

    test("knows what git ignores, a folder without its slash, and a file that a task will make", async () => {
      const front = '  forbid: [".env*", out/, src]\nvalidation: [./new.sh]\nexpect_files: [new.sh]\n';
      await using at = await world({ ...PROJECT, ".gitignore": ".env*\n", ".env.local": "", "a.md": document(front) });
      await writeFile(join(at.workspace, ".env.local"), "");
      const { code, stderr } = await ask(at, ["handoff", "check", "a.md"]);
      expect(code).toBe(0);
      const told = stderr.trimEnd().split("\n");
      expect(told).toEqual([
        expect.stringContaining("`src` matches no file yet. It is a folder: write `src/` for all that is in it."),
      ]);
    });
  });

  test("holds a document against the policy, and brings what was learned", async () => {
    const policy = "required_fields: [commit]\nforbidden_phrases: [refuse expired]\nlessons: docs/lessons.md\n";
    await using at = await world({ ...PROJECT, ".ask-codex/policy.yaml": policy, "a.md": document(VALID) });
    const learned = await ask(at, ["handoff", "learn", "a.md", "Two clocks disagree.", "--kind", "anti-pattern"]);
    expect(learned).toMatchObject({
      code: 0,
      keys: { lessons: join(at.workspace, "docs/lessons.md"), task_id: "auth-001" },
    });
    const { code, keys, stderr } = await ask(at, ["handoff", "check", "a.md"]);
    expect(code).toBe(1);
    expect(keys).toMatchObject({ gaps: "2", lessons: "1" });
    expect(stderr).toMatch(/a\.md:1: commit is required/);
    expect(stderr).toMatch(/a\.md:10: "refuse expired"/);
  });

  inMatrix(() => {
    test("finds a program on the caller's PATH, and none that only a login profile would put there", async () => {
      await using at = await world({ ...PROJECT, "a.md": document("validation: [only-here]\n") });
      expect(await ask(at, ["handoff", "check", "a.md"])).toMatchObject({ code: 1, keys: { gaps: "1" } });
      await mkdir(join(at.home, "my bin"), { recursive: true });
      await writeFile(join(at.home, "my bin", "only-here"), "#!/bin/sh\n", { mode: 0o755 });
      await writeFile(join(at.home, ".bash_profile"), 'echo hello; PATH="$HOME/my bin:$PATH"\n');
      expect(await ask(at, ["handoff", "check", "a.md"])).toMatchObject({ code: 1, keys: { gaps: "1" } });
      const env = { PATH: `${join(at.home, "my bin")}:${at.env["PATH"]}` };
      expect(await ask(at, ["handoff", "check", "a.md"], { env })).toMatchObject({ code: 0, keys: { gaps: "0" } });
    });
  });

  test("has a limit of words", async () => {
    const long = (words: number) => document(VALID, `1. In \`src/auth.ts\`, ${"refuse ".repeat(words)}`);
    await using at = await world({ ...PROJECT, "a.md": long(600), "b.md": long(1_200) });
    const warned = await ask(at, ["handoff", "check", "a.md"]);
    expect(warned).toMatchObject({ code: 0, keys: { warnings: "1" } });
    expect(warned.stderr).toMatch(/^\[WARNING\] a\.md:1: The document has 6\d\d words for Codex; /);
    const refused = await ask(at, ["handoff", "check", "b.md"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^b\.md:1: The document has 12\d\d words for Codex; 1200 are the most\./);
  });
});

describe("a document with gaps", () => {
  inMatrix(() => {
    test.each(["run", "verify"])("is refused by %s before anything is done", async (command) => {
      await using at = await world({ ...PROJECT, "a.md": document() });
      const before = await listing(at.workspace);
      const { code, stdout, stderr } = await ask(at, ["handoff", command, "a.md"]);
      expect(code).toBe(1);
      expect(stdout).toBe(`document=${join(at.workspace, "a.md")}\ngaps=1\nstatus=failed\n`);
      expect(stderr).toMatch(/^a\.md:1: There is no validation step\. .*\n$/);
      const told = await ask(at, ["handoff", command, "a.md", "--json"]);
      expect(JSON.parse(told.stdout)).toMatchObject({ status: "failed", ready: false, gaps: [{ line: 1 }] });
      expect(told).toMatchObject({ code: 1, stderr: "" });
      expect(await listing(at.workspace)).toEqual(before);
    });
  });
});

describe("learn", () => {
  test("adds to what is there, and touches nothing of it", async () => {
    const ours = "# What we learned\n\nBy hand.\n";
    await using at = await world({ ...PROJECT, "a.md": document(VALID), ".ask-codex/lessons.md": ours });
    for (const lesson of ["--fix the “clock”", "日本語"]) {
      const { code } = await ask(at, ["handoff", "learn", "a.md", "--", lesson]);
      expect(code).toBe(0);
    }
    const text = await read(at, ".ask-codex/lessons.md");
    expect(text.startsWith(ours)).toBe(true);
    const entries = text.slice(ours.length).match(/^## \d{4}-\d\d-\d\d · pattern · \[auth-001\]\(\.\.\/a\.md\)$/gm);
    expect(entries).toHaveLength(2);
    expect(text).toContain("Scope: `src/auth.ts`, `src/my ü 'dir'/`\n\n--fix the “clock”\n");
  });
});

describe("route", () => {
  test("goes by the built-in patterns without a policy, in a repository or not", async () => {
    for (const git of [true, false]) {
      await using at = await world({}, git);
      const { code, stdout } = await ask(at, ["route", "Fix the nasty bug in the queue"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^route=claude\npattern=fix bug\nwhy=\S.*\n$/);
    }
  });

  inMatrix(() => {
    test("goes by the policy that is nearest", async () => {
      const policy =
        "delegation: { orchestration_patterns: [fix bug], precise_patterns: [] }\nexecutors: { codex: [Be brief, Test it] }\n";
      await using at = await world({ ".ask-codex/policy.yaml": policy, "deep/er/a.ts": "" });
      const { stdout } = await ask(at, ["route", "--json", "Fix the bug"], { cwd: join(at.workspace, "deep/er") });
      expect(JSON.parse(stdout)).toEqual({
        schema_version: 1,
        route: "codex",
        mode: "orchestrate",
        pattern: "fix bug",
        why: expect.any(String),
        policy: join(at.workspace, ".ask-codex/policy.yaml"),
        rules: ["Be brief", "Test it"],
      });
      expect((await ask(at, ["route", "Fix the bug"])).stdout).toMatch(/\nrule=Be brief\nrule=Test it\n$/);
      expect((await ask(at, ["route", "debug it"])).stdout).toMatch(/^route=ask\nwhy=\S.*\npolicy=.*\n$/);
    });
  });
});

const FILES = {
  ...PROJECT,
  "good.md": document(VALID),
  "broken.md": "---\ntask_id: [\n---\n",
  "program.md": "---js\n{ task_id: require('fs').writeFileSync('pwned', '') }\n---\n",
  "empty.md": "",
  "big.md": document(VALID).padEnd(2 << 20, "x"),
  "unknown.md": document(`${VALID}colour: red\n`),
  "typed.md": document(`${VALID}read: one.md\n`),
  "request.json": '{"task_id": "a",',
};

describe("bad input", () => {
  // None of them may change anything, so one world is enough for all.
  let at: World;
  beforeAll(async () => {
    at = await world(FILES);
  });
  afterAll(async () => {
    await at[Symbol.asyncDispose]();
  });

  test.each([
    { what: "no command", args: ["handoff"], says: null },
    { what: "an unknown command", args: ["handoff", "cheque", "good.md"], says: /^\[ERROR\] Unknown command: cheque/ },
    { what: "no name", args: ["handoff", "new"], says: /^\[ERROR\] .*name/ },
    { what: "a name that is a path", args: ["handoff", "new", "../x"], says: /^\[ERROR\] "\.\.\/x" is not a name/ },
    { what: "an empty name", args: ["handoff", "new", ""], says: /^\[ERROR\] "" is not a name/ },
    { what: "no document", args: ["handoff", "check"], says: /^\[ERROR\] .*file/ },
    {
      what: "two documents",
      args: ["handoff", "check", "good.md", "good.md"],
      says: /^\[ERROR\] Unexpected argument: good\.md/,
    },
    {
      what: "an unknown flag",
      args: ["handoff", "check", "--frob", "good.md"],
      says: /^\[ERROR\] Unknown option: --frob/,
    },
    {
      what: "no such file",
      args: ["handoff", "check", "none.md"],
      says: /^\[ERROR\] .*none\.md \(there is no such file\)/,
    },
    { what: "a folder", args: ["handoff", "check", "src"], says: /^\[ERROR\] .*src \(it is a folder\)/ },
    { what: "an empty file", args: ["handoff", "check", "empty.md"], says: /^\[ERROR\] .*empty\.md \(it is empty\)/ },
    { what: "a file of 2 MB", args: ["handoff", "check", "big.md"], says: /^\[ERROR\] .*big\.md \(it has 20\d\d KB/ },
    {
      what: "broken YAML",
      args: ["handoff", "check", "broken.md"],
      says: /^broken\.md:2: The front matter cannot be read/,
    },
    { what: "broken YAML, to convert", args: ["handoff", "convert", "broken.md"], says: /^\[ERROR\] broken\.md:2: / },
    {
      what: "broken YAML, to learn from",
      args: ["handoff", "learn", "broken.md", "x"],
      says: /^\[ERROR\] .*broken\.md:2: /,
    },
    {
      what: "front matter that is a program",
      args: ["handoff", "check", "program.md"],
      says: /^program\.md:1: .*a program/,
    },
    {
      what: "an unknown key",
      args: ["handoff", "check", "unknown.md"],
      says: /^unknown\.md:6: colour is not known\. Known are task_id/,
    },
    { what: "a wrong type", args: ["handoff", "check", "typed.md"], says: /^typed\.md:6: read is not a list\./ },
    {
      what: "broken JSON",
      args: ["handoff", "check", "request.json"],
      says: /^request\.json:1: It is not JSON that can be read: /,
    },
    {
      what: "a missing workspace",
      args: ["handoff", "check", "good.md", "-w", "none"],
      says: /^\[ERROR\] Workspace does not exist: none/,
    },
    {
      what: "an unknown kind of lesson",
      args: ["handoff", "learn", "good.md", "x", "--kind", "joke"],
      says: /^\[ERROR\] .*--kind/,
    },
    { what: "an empty lesson", args: ["handoff", "learn", "good.md", " "], says: /^\[ERROR\] The lesson is empty/ },
    {
      what: "four rounds",
      args: ["handoff", "run", "good.md", "--verify-rounds", "4"],
      says: /^\[ERROR\] --verify-rounds 4 is too many: 3 at most/,
    },
    {
      what: "an unknown way with violations",
      args: ["handoff", "run", "good.md", "--on-violation", "pray"],
      says: /^\[ERROR\] .*--on-violation/,
    },
    { what: "no task to route", args: ["route"], says: /^\[ERROR\] There is no task/ },
    { what: "two tasks to route", args: ["route", "a", "b"], says: /^\[ERROR\] Unexpected argument: b/ },
  ])("$what: one clear line, and nothing is done", async ({ args, says }) => {
    const before = await listing(at.workspace);
    const { code, stderr } = await ask(at, args);
    expect(code).toBe(1);
    if (says !== null) expect(stderr).toMatch(says);
    expect(stderr.split("\n").length).toBe(says === null ? 1 : 2);
    expect(await listing(at.workspace)).toEqual(before);
  });

  inMatrix(() => {
    test("outside of a repository: one clear line", async () => {
      await using outside = await world(FILES, false);
      for (const args of [
        ["new", "x"],
        ["check", "good.md"],
        ["learn", "good.md", "x"],
      ]) {
        const { code, stderr } = await ask(outside, ["handoff", ...args]);
        expect(code).toBe(1);
        expect(stderr).toMatch(/^\[ERROR\] .*is not in a git work tree\. .*\n$/);
      }
    });
  });

  test("a policy that cannot be read is named with its key, whoever needs it", async () => {
    await using wrong = await world({
      ...FILES,
      ".ask-codex/policy.yaml": "lessons: a\nguardrails:\n  max_files: many\n",
    });
    for (const args of [
      ["handoff", "check", "good.md"],
      ["handoff", "learn", "good.md", "x"],
      ["route", "x"],
    ]) {
      const { code, stderr } = await ask(wrong, args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^\[ERROR\] The policy is not usable: .*policy\.yaml:3: guardrails\.max_files .*\n$/);
    }
  });

  inMatrix(() => {
    test("Windows line ends and a byte order mark are not a fault", async () => {
      await using other = await world(PROJECT);
      await writeFile(join(other.workspace, "a.md"), `\uFEFF${document(VALID).replaceAll("\n", "\r\n")}`);
      expect(await ask(other, ["handoff", "check", "a.md"])).toMatchObject({ code: 0, stderr: "" });
    });
  });
});
