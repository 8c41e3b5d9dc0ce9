import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { document, found, handoff, PROJECT, plan, type Written } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { inMatrix } from "../../support/suite.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const DONE = () => say("DONE");
const GROSS = "export function price(net) {\n  return net * 1.19;\n}\n";

async function shop(written: Written = {}): Promise<World> {
  const world = await createWorld({ files: PROJECT, script: [] });
  await plan(world, written);
  return world;
}

const write = (world: World, path: string, text: string) => writeFile(join(world.workspace, path), text);

test("work in the work tree that keeps the contract is complete, and no Codex is needed for it", async () => {
  await using world = await shop({ validation: ["grep -q 1.19 src/price.js"] });
  await write(world, "src/price.js", GROSS);
  const verified = await handoff(world, ["verify", "CODEX-PRICE.md"], { env: { ASK_CODEX_COMMAND: "/no/such/codex" } });
  expect(verified).toMatchObject({
    code: 0,
    result: { status: "completed", changes: { files_modified: ["src/price.js"], tests_passed: true }, rounds: 0 },
  });
  expect(await git(world.workspace, "status", "--porcelain")).toBe(" M src/price.js");
});

test("somebody's commits are judged against the base, with what is not committed yet", async () => {
  await using world = await shop({ forbid: ["src/tax.js"], validation: ["false"] });
  await write(world, "src/price.js", GROSS);
  await write(world, "src/tax.js", "// gone\n");
  await git(world.workspace, "commit", "--quiet", "--all", "--message=colleague");
  await write(world, "src/more.js", "\n");
  const since = await handoff(world, ["verify", "CODEX-PRICE.md", "--base", "HEAD~1"]);
  expect(since).toMatchObject({ code: 5, result: { status: "violated", changes: { tests_passed: false } } });
  expect(found(since)).toEqual(["forbidden src/tax.js", "scope src/more.js", "validation"]);
  const now = await handoff(world, ["verify", "CODEX-PRICE.md"]);
  expect(found(now)).toEqual(["scope src/more.js", "validation"]);
});

inMatrix(() => {
  test("a branch is not blamed for what the base has done since", async () => {
    await using world = await shop();
    await git(world.workspace, "checkout", "--quiet", "-b", "side");
    await write(world, "src/price.js", GROSS);
    await git(world.workspace, "commit", "--quiet", "--all", "--message=side");
    await git(world.workspace, "checkout", "--quiet", "main");
    await write(world, "src/tax.js", "// main went on\n");
    await git(world.workspace, "commit", "--quiet", "--all", "--message=main");
    await git(world.workspace, "checkout", "--quiet", "side");
    const verified = await handoff(world, ["verify", "CODEX-PRICE.md", "--base", "main"]);
    expect(verified).toMatchObject({ code: 0, result: { changes: { files_modified: ["src/price.js"] } } });
  });

  test("plans, policy and lessons that are not committed yet are not the work", async () => {
    await using world = await shop();
    await write(world, "src/price.js", GROSS);
    await ask(world, ["handoff", "learn", "CODEX-PRICE.md", "Rates change."]);
    await write(world, ".ask-codex/policy.yaml", "guardrails:\n  max_files: 3\n");
    await write(world, "CODEX-PRICE.md", document({ constraints: ["Said better."] }));
    await write(world, "CODEX-NEXT.md", document({ task_id: "shop-002" }));
    const verified = await handoff(world, ["verify", "CODEX-PRICE.md"]);
    expect(verified).toMatchObject({ code: 0, result: { changes: { files_modified: ["src/price.js"] } } });
    await git(world.workspace, "add", ".ask-codex/policy.yaml");
    await git(world.workspace, "commit", "--quiet", "--all", "--message=with a policy");
    expect(found(await handoff(world, ["verify", "CODEX-PRICE.md", "--base", "HEAD~1"]))).toEqual([
      "scope .ask-codex/policy.yaml",
    ]);
  });

  test("hundreds of violations stay within what Claude Code shows", async () => {
    await using world = await shop();
    for (let n = 0; n < 600; n += 1) await write(world, `src/made-${n}.js`, "\n");
    const asked = await ask(world, ["handoff", "verify", "CODEX-PRICE.md"]);
    expect(asked).toMatchObject({ code: 5, keys: { violations: "601" } });
    expect(Buffer.byteLength(asked.stdout + asked.stderr)).toBeLessThanOrEqual(8_192);
  });

  test("a signal in the middle ends it with a line, and leaves nothing", async () => {
    await using world = await shop({ validation: ["sleep 600.45"] });
    await using asking = startAsk(world, ["handoff", "verify", "CODEX-PRICE.md"]);
    await untilRunning(world, "sleep 600.45");
    asking.child.kill("SIGTERM");
    const asked = await asking.done;
    expect(asked).toMatchObject({ code: 143, stdout: "status=cancelled\nsignal=SIGTERM\n" });
    expect(asked.stderr).toContain("Ended by SIGTERM");
    expect(await readdir(join(world.state, "runs"))).toEqual([]);
  });
});

test("a failing command is a failure, and its output is told", async () => {
  await using world = await shop({ validation: ["echo because; exit 3"] });
  await write(world, "src/price.js", GROSS);
  const asked = await ask(world, ["handoff", "verify", "CODEX-PRICE.md"]);
  expect(asked).toMatchObject({ code: 1, keys: { status: "validation_failed", verdict: "failed", validation: "0/1" } });
  expect(asked.stderr).toContain("[FAILURE] validation: ");
  expect(asked.report).toContain("because");
});

inMatrix(() => {
  test("a repository without commits is compared with nothing", async () => {
    await using world = await createWorld({ git: false, files: PROJECT, script: [] });
    await git(world.workspace, "init", "--quiet", "--initial-branch=main");
    await write(
      world,
      "CODEX-PRICE.md",
      document({
        files: ["src/", "package.json", ".gitignore"],
        guardrails: { max_files: 9, allow_dependencies: true },
      }),
    );
    const verified = await handoff(world, ["verify", "CODEX-PRICE.md"]);
    expect(verified).toMatchObject({ code: 0, result: { status: "completed" } });
    expect(verified.result.changes.files_modified).toHaveLength(5);
  });
});

test("a base that is none, a folder without git and a document that is not there are each refused in one line", async () => {
  await using world = await shop();
  const refusals = [
    { args: ["CODEX-PRICE.md", "--base", "no-such"], says: "--base no-such names no commit" },
    { args: ["NO.md"], says: "NO.md" },
    { args: ["CODEX-PRICE.md", "-w", world.home], says: "is not in a git work tree" },
  ];
  for (const { args, says } of refusals) {
    const asked = await ask(world, ["handoff", "verify", ...args]);
    expect(asked).toMatchObject({ code: 1, stdout: "" });
    expect(asked.stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(/^\[ERROR\] /)]);
    expect(asked.stderr).toContain(says);
  }
});

inMatrix(() => {
  test("file names of every kind are judged, put back and committed", async () => {
    const names = ["with space.txt", 'say "hi".txt', "line\nbreak.txt", "größe 尺寸.txt", "[id].txt"];
    const touch = names.map((name) => `echo changed >> '${name}'`).join("; ");
    const files = Object.fromEntries(names.map((name) => [name, "before\r\n"]));
    await using world = await createWorld({
      files: { ...PROJECT, ...files },
      script: [run(touch), DONE(), run(touch), DONE()],
    });
    await plan(world, { files: names, commit: "Touch them all" });
    await plan(world, { files: ["src/price.js"] }, "CODEX-OTHER.md");
    const kept = await handoff(world, ["run", "CODEX-PRICE.md"]);
    expect(kept).toMatchObject({ code: 0, result: { status: "completed", commit: { type: "made" } } });
    expect([...kept.result.changes.files_modified].sort()).toEqual([...names].sort());
    expect(await git(world.workspace, "status", "--porcelain")).toBe("");
    const broken = await handoff(world, ["run", "CODEX-OTHER.md", "--on-violation", "revert"]);
    expect(broken).toMatchObject({ code: 5, result: { undone: { type: "reverted" } } });
    expect(await git(world.workspace, "status", "--porcelain")).toBe("");
  });

  test("a follow-up goes on in the session, under its own document", async () => {
    await using world = await createWorld({ files: PROJECT, script: () => DONE() });
    await plan(world);
    const first = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "--name", "price"]);
    const next = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "--session", "@price"]);
    expect(next).toMatchObject({ code: 1, keys: { session_id: first.keys.session_id, verdict: "no_change" } });
  });
});

test("a document with gaps is not run", async () => {
  await using world = await createWorld({ files: PROJECT, script: [] });
  await write(world, "CODEX-PRICE.md", document({ validation: [] }).replace("In src/price.js let", "Clean up and let"));
  const asked = await ask(world, ["handoff", "run", "CODEX-PRICE.md"]);
  expect(asked).toMatchObject({ code: 1, keys: { status: "failed" } });
  expect(asked.stderr).toMatch(/^CODEX-PRICE\.md:\d+: /m);
  expect(world.model.requests).toEqual([]);
});
