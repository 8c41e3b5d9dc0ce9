import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Asked, ask, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { run, say, silence } from "../../support/model/replies.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

const done = () => say("Done.");

/** What a file in the run's folder holds. */
async function kept({ keys }: Asked, name: string): Promise<string> {
  return readFile(join(dirname(keys.output_path ?? ""), name), "utf8");
}

test("checks that pass make the run a success, and the report says what was checked", async () => {
  await using world = await createWorld({ script: [run("echo x > made.txt"), done()] });
  const checks = ["--expect-file", "made.txt", "--expect-file", "README.md", "--verify-cmd", "grep -q x made.txt"];
  const asked = await ask(world, [...checks, "task"]);
  expect(asked).toMatchObject({ code: 0, keys: { status: "completed", checks: "3/3" } });
  expect(asked.report).toContain("## Checks");
  expect(asked.report).toContain("grep -q x made.txt");
  expect(asked.report).not.toContain("Completion Validation Failed");
});

test("a missing file and a failing command end the run with the original's headings", async () => {
  await using world = await createWorld({ script: [done()] });
  const verify = "echo to stdout; echo '```' >&2; exit 7";
  const asked = await ask(world, ["--expect-file", "no/such.txt", "--verify-cmd", verify, "task"]);
  expect(asked).toMatchObject({ code: 1, keys: { status: "validation_failed", checks: "0/2" } });
  expect(asked.keys.session_id).toBeDefined();
  expect(linesOf(asked, "## Completion Validation Failed")).toEqual([
    "Missing expected files:",
    `- ${world.workspace}/no/such.txt`,
    "Verification command:",
    `\`\` ${verify} \`\``,
    "Verification exit code: 7",
    "**Exit code: 1** (Codex exited, but required artifacts/verification were incomplete)",
  ]);
  expect(asked.report).toContain("Done.");
  expect(await kept(asked, "verify.log")).toBe("to stdout\n```\n");
});

inMatrix(() => {
  test("expected files are looked for in the workspace, the command runs there", async () => {
    await using world = await createWorld({ files: { "pkg/a.txt": "a\n" }, script: [done()] });
    const checks = ["--expect-file", "a.txt", "--verify-cmd", "cat a.txt && pwd"];
    const asked = await ask(world, ["-w", "pkg", ...checks, "task"]);
    expect(asked).toMatchObject({ code: 0, keys: { checks: "2/2" } });
    expect(await kept(asked, "verify.log")).toBe(`a\n${join(world.workspace, "pkg")}\n`);
  });

  test("the JSON has every check with its exit code, its time and the end of its output", async () => {
    await using world = await createWorld({ script: [done()] });
    const asked = await ask(world, ["--json", "--expect-file", "x", "--verify-cmd", "echo why; exit 2", "task"]);
    expect(asked).toMatchObject({ code: 1, json: { status: "validation_failed" } });
    expect(asked.json?.checks).toEqual([
      {
        type: "expect_file",
        subject: join(world.workspace, "x"),
        passed: false,
        exit_code: null,
        duration_ms: null,
        detail: "missing",
      },
      {
        type: "verify_command",
        subject: "echo why; exit 2",
        passed: false,
        exit_code: 2,
        duration_ms: expect.any(Number),
        detail: "why",
      },
    ]);
  });

  test("a long output is kept whole in the run's folder, and its end is in the report", async () => {
    await using world = await createWorld({ script: [done()] });
    const asked = await ask(world, ["--verify-cmd", "seq 1 200000; exit 1", "task"]);
    expect((await kept(asked, "verify.log")).split("\n")).toHaveLength(200_001);
    expect(asked.report).toContain("200000\n");
    expect(asked.report?.length).toBeLessThan(20_000);
  });
});

test("a check gets a reduced environment, no stdin and a process group of its own", async () => {
  await using world = await createWorld({ script: [done()] });
  const env = {
    ANTHROPIC_API_KEY: "sk-secret-1",
    ANTHROPIC_BASE_URL: "sk-secret-2",
    CLAUDE_CODE_OAUTH_TOKEN: "sk-secret-3",
    CLAUDECODE: "1",
    MY_OWN: "kept",
  };
  const verify = 'env; echo "stdin: $(cat | wc -c)"; [ "$(cut -d" " -f5 /proc/$$/stat)" = "$$" ] && echo own group';
  const asked = await ask(world, ["--verify-cmd", verify, "task"], { env, stdin: { text: "not for the check" } });
  const output = await kept(asked, "verify.log");
  expect(output).not.toContain("sk-secret");
  expect(output).not.toMatch(/^CLAUDE/m);
  expect(output).toContain("MY_OWN=kept\n");
  expect(output).toMatch(/stdin: +0\n/);
  expect(output).toContain("own group\n");
});

const STAYING = [
  { name: "in its group", command: "sleep 600 & echo started" },
  { name: "that holds its output", command: "(trap '' TERM HUP; sleep 600) & disown; echo started" },
];
const LEFT = { name: "in a session of its own", command: "setsid sleep 600 & echo started" };

withCases({ change: [LEFT], matrix: STAYING }, (cases) => {
  test.for(cases)("what a check leaves running $name ends with it", async ({ command }) => {
    await using world = await createWorld({ script: [done()] });
    const asked = await ask(world, ["--verify-cmd", command, "task"]);
    expect(asked).toMatchObject({ code: 0, keys: { checks: "1/1" } });
    expect(await world.processes()).toEqual([]);
  });
});

test("a cancel during a check ends it, and the run is cancelled", async () => {
  await using world = await createWorld({ script: [done()] });
  await using asking = startAsk(world, ["--verify-cmd", "touch begun; sleep 600", "task"]);
  await asking.stderrLine("checking");
  asking.child.kill("SIGTERM");
  expect(await asking.done).toMatchObject({ code: 143, keys: { status: "cancelled" } });
  expect(await world.processes()).toEqual([]);
});

test("a failing command goes back to Codex in the same thread, and its fix makes the run a success", async () => {
  await using world = await createWorld({
    script: [run("echo bad > a.txt"), say("First."), run("echo good > a.txt"), say("Second.")],
  });
  const verify = "grep good a.txt || { echo the word is missing; exit 3; }";
  const asked = await ask(world, ["--json", "--verify-rounds", "2", "--verify-cmd", verify, "task"]);
  expect(asked).toMatchObject({ code: 0, json: { status: "completed", repair_rounds: 1, answer: "Second." } });
  expect(asked.report).toContain("Repair rounds: 1");
  expect(asked.json?.checks).toMatchObject([{ passed: true }]);
  // Four requests of 100 tokens in, 20 of them cached, and 10 out.
  expect(asked.json?.usage).toMatchObject({ input_tokens: 400, cached_input_tokens: 80, output_tokens: 40 });
  const second = JSON.stringify(world.model.requests[2]?.body.input);
  expect(second).toContain("the word is missing");
  expect(second).toContain("First.");
  expect(asked.json?.changes).toEqual([{ path: "a.txt", kind: "added", added: 1, removed: 0 }]);
});

inMatrix(() => {
  test("a missing file goes back to Codex as well", async () => {
    await using world = await createWorld({ script: [done(), run("touch wanted.txt"), done()] });
    const asked = await ask(world, ["--verify-rounds", "1", "--expect-file", "wanted.txt", "task"]);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(JSON.stringify(world.model.requests[1]?.body.input)).toContain("wanted.txt");
  });

  test("what is never fixed fails after the rounds that were granted", async () => {
    await using world = await createWorld({ script: [say("One."), say("Two."), say("Three.")] });
    const asked = await ask(world, [
      "--json",
      "--verify-rounds",
      "2",
      "--verify-cmd",
      "echo still wrong; exit 1",
      "task",
    ]);
    expect(asked).toMatchObject({ code: 1, json: { status: "validation_failed", repair_rounds: 2, answer: "Three." } });
    expect(world.model.requests).toHaveLength(3);
    expect(asked.json?.usage).toMatchObject({ input_tokens: 300 });
  });

  test("a repair that fails itself ends the run as what it failed of", async () => {
    await using world = await createWorld({ script: [say("One."), silence()] });
    const limits = ["--idle-timeout", "1", "--timeout", "5"];
    const asked = await ask(world, [...limits, "--verify-rounds", "1", "--verify-cmd", "false", "task"]);
    expect(asked).toMatchObject({ code: 2, keys: { status: "timeout" } });
  });

  test.for([
    { name: "that fixes nothing", repair: done(), own: ["a.txt"] },
    { name: "that fixes", repair: run("echo b > b.txt"), own: ["a.txt", "b.txt"] },
    { name: "that works on the same file", repair: run("echo more >> built.txt"), own: ["a.txt", "built.txt"] },
  ])("what a check writes is not Codex's, in a round $name", async ({ repair, own }) => {
    await using world = await createWorld({ script: [run("echo a > a.txt"), done(), repair, done()] });
    const verify = "rm -f README.md; echo built > built.txt; [ -e b.txt ]";
    const asked = await ask(world, ["--json", "--verify-rounds", "1", "--verify-cmd", verify, "task"]);
    expect(pathsOf(asked)).toEqual(own);
  });
});

test("what a single check writes is not Codex's either", async () => {
  await using world = await createWorld({ script: [run("echo a > a.txt"), done()] });
  const asked = await ask(world, ["--json", "--verify-cmd", "echo built > built.txt", "task"]);
  expect(pathsOf(asked)).toEqual(["a.txt"]);
  expect(await status(world)).toContain("built.txt");
});

function pathsOf({ json }: Asked): readonly string[] {
  return json?.changes.map(({ path }) => path) ?? [];
}

function status({ workspace }: World): Promise<string> {
  return git(workspace, "status", "--porcelain");
}

/** The lines of a section that are not fenced output. */
function linesOf({ report }: Asked, heading: string): readonly string[] {
  const section = report?.split(`${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return section
    .replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, "")
    .split("\n")
    .filter((line) => line !== "");
}

inMatrix(() => {
  test("a verify command that cannot even be started has failed, and the answer is kept", async () => {
    await using world = await createWorld({ git: false, script: [run('mv "$PWD" "$PWD, gone"'), done()] });
    const asked = await ask(world, ["--sandbox", "danger-full-access", "--verify-cmd", "true", "task"]);
    expect(asked).toMatchObject({ code: 1, keys: { status: "validation_failed", checks: "0/1" } });
    expect(asked.report).toContain("Done.");
  });
});
