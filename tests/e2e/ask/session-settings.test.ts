import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { type Asked, ask, sessionFlags } from "../../support/ask.ts";
import { codexBin } from "../../support/codex.ts";
import { listing } from "../../support/listing.ts";
import { run, say } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { inMatrix, withCases, withCodex } from "../../support/suite.ts";
import { NEWEST, OLDEST } from "../../support/versions.ts";
import { createWorld, type World } from "../../support/world.ts";

describe("what a session keeps", () => {
  // Codex's own configuration would give every thread full access.
  const config = 'sandbox_mode = "danger-full-access"';

  withCases({ change: ["workspace-write"], matrix: ["read-only"] }, (cases) => {
    test.each(cases)("folder and %s sandbox, of a thread we began", async (sandbox) => {
      await using world = await createWorld({ script: [say("1"), probe(), say("2")], config });
      const first = await ask(world, ["--sandbox", sandbox, "Begin"]);
      await requirePlace(
        world,
        await ask(world, [...sessionFlags(first), "--json", "Go on"], { cwd: world.home }),
        sandbox,
      );
    });
  });

  // Where Codex keeps a thread's settings is not part of its protocol, so the oldest is asked as well.
  const begun = { change: [["workspace-write", NEWEST]], matrix: [["read-only", OLDEST]] } as const;
  withCases<readonly [string, string]>(begun, (cases) => {
    describe.each(cases)("folder and %s sandbox, of a thread Codex %s began", (sandbox, version) => {
      test("when it goes on", async () => {
        const script = [say("1"), probe(), say("2"), probe(), say("3")];
        await using world = await createWorld({ version, script, config });
        const session = ["--session", await codexExec(world, version, sandbox), "--json", "Go on"];
        await requirePlace(world, await ask(world, session, { cwd: world.home }), sandbox);
        expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on"]);
        // By now it is in our record.
        await requirePlace(world, await ask(world, session, { cwd: world.home }), sandbox);
      });
    });
  });

  inMatrix(() => {
    test.each([...begun.change, ...begun.matrix])(
      "folder and %s sandbox, of a thread Codex %s began, when it is forked",
      async (sandbox, version) => {
        await using world = await createWorld({ version, script: [say("1"), probe(), say("2")], config });
        const thread = await codexExec(world, version, sandbox);
        const forked = await ask(world, ["--session", thread, "--fork", "--json", "Go on"], { cwd: world.home });
        expect(forked.json?.session_id).not.toBe(thread);
        await requirePlace(world, forked, sandbox);
        expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on"]);
      },
    );
  });

  inMatrix(() => {
    test("its folder, also outside git; -w moves it for one turn", async () => {
      const pwd = run("pwd");
      await using world = await createWorld({ script: [pwd, say("1"), pwd, say("2"), pwd, say("3")], git: false });
      const first = await ask(world, ["--json", "Begin"]);
      expect(first.json).toMatchObject({ status: "completed", work_tree: { state: "no_git" } });
      const moved = await ask(world, [...sessionFlags(first), "-w", world.home, "--json", "There"]);
      expect(moved.json).toMatchObject({ status: "completed", receipt: { workspace: world.home } });
      expect(moved.json?.commands).toMatchObject([{ command: "pwd", cwd: world.home }]);
      const back = await ask(world, [...sessionFlags(first), "--json", "And back"], { cwd: world.home });
      expect(back.json?.commands).toMatchObject([{ command: "pwd", cwd: world.workspace }]);
    });
  });

  withCodex("rest", (version) => {
    test("model and effort: flags change them for one turn only", () => changedForOneTurn(version, LOW));
  });

  withCodex("further", (version) => {
    test("the model's own model and effort: flags change them for one turn only", () => changedForOneTurn(version, ""));
  });

  inMatrix(() => {
    test("of what the model used, what this turn did", async () => {
      const usage = { input: 1_000, cached: 400, output: 70, reasoning: 30 };
      await using world = await createWorld({ script: [say("1", { usage }), say("2", { usage: { input: 5 } })] });
      const first = await ask(world, ["--json", "Begin"]);
      const second = await ask(world, [...sessionFlags(first), "--json", "Go on"]);
      expect(first.json?.usage).toMatchObject({ input_tokens: 1_000, cached_input_tokens: 400, output_tokens: 70 });
      expect(second.json?.usage).toMatchObject({ input_tokens: 5, output_tokens: 10, reasoning_output_tokens: 4 });
    });
  });
});

const LOW = 'model_reasoning_effort = "low"';

async function changedForOneTurn(version: string, config: string): Promise<void> {
  await using world = await createWorld({ version, script: () => say("Well."), config });
  const first = await ask(world, ["Begin"]);
  expect((await ask(world, [...sessionFlags(first), "--model", "other", "--reasoning", "high", "Once"])).code).toBe(0);
  expect((await ask(world, [...sessionFlags(first), "And back"])).code).toBe(0);
  expect((await ask(world, [...sessionFlags(first), "And on"])).code).toBe(0);
  const [own, once, back, on_] = world.model.requests.map(({ body }) => [body.model, body.reasoning?.effort]);
  expect(once).toEqual(["other", "high"]);
  expect([back, on_]).toEqual([own, own]);
}

/** Shows what may be written: the workspace, or nothing at all. */
function probe() {
  return run('pwd; touch inside "$HOME/outside"');
}

async function requirePlace(world: World, asked: Asked, sandbox: string): Promise<void> {
  expect(asked).toMatchObject({ code: 0, json: { status: "completed", receipt: { sandbox } } });
  expect(asked.json?.receipt["workspace"]).toBe(world.workspace);
  const written = Object.keys(await listing(world.workspace)).includes("inside");
  expect(written).toBe(sandbox === "workspace-write");
  expect(Object.keys(await listing(world.home))).not.toContain("outside");
}

/** Begins a thread without us, and says which. */
async function codexExec(world: World, version: string, sandbox: string): Promise<string> {
  const { stdout } = await execa(codexBin(version), ["exec", "--json", "--sandbox", sandbox, "Begin"], {
    ...{ cwd: world.workspace, env: world.env, extendEnv: false, stdin: "ignore" },
  });
  return /"thread_id":"([^"]+)"/.exec(stdout)?.[1] ?? "";
}
