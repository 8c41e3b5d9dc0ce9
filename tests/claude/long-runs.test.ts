import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../support/broker.ts";
import { runClaude } from "../support/claude/claude.ts";
import { heldWork } from "../support/claude/held-work.ts";
import { bash, say, use } from "../support/claude/messages-api.ts";
import { installForUser } from "../support/claude/places.ts";
import { commandIn, commandOf, keysIn } from "../support/claude/skill-text.ts";
import { say as codexSays } from "../support/model/replies.ts";
import { tasksIn } from "../support/model/wire.ts";
import { withClaude } from "../support/suite.ts";
import { CLAUDE_OLDER } from "../support/versions.ts";
import { createWorld } from "../support/world.ts";

withClaude("further", (version) => {
  test("a run that passes Claude's foreground limit goes on, and its end is collected", async () => {
    const work = heldWork([codexSays("Done at last.")]);
    await using world = await createWorld({ script: work.script });
    const { skill, env } = await installForUser(world);
    // The current line calls the model again when the command has ended; the older one has a tool to wait with.
    const wait =
      version === CLAUDE_OLDER ? (id: string) => use("TaskOutput", { task_id: id, block: true }) : () => say("I wait.");
    const end = await runClaude(world, {
      ...{ version, env, prompt: "use codex for something long" },
      script: [
        bash(commandOf(skill, "ask_codex --read-only", "Take your time."), { timeout: 1_000 }),
        async ({ result }) => {
          await work.letGo(world);
          return wait(/\bID: (\w+)/.exec(result.text)?.[1] ?? "");
        },
        ({ results }) => use("Read", { file_path: /written to: (.*?\.output)/.exec(results[0]?.text ?? "")?.[1] }),
        ({ result }) => say(result.text),
      ],
    });
    expect(end).toMatchObject({ code: 0, denials: [] });
    const [moved] = end.api.conversations.at(-1)?.results ?? [];
    expect(moved).toMatchObject({ isError: false, text: expect.stringContaining("background") });
    expect(moved?.text).not.toContain("status=");
    const keys = keysIn(end.answer ?? "");
    expect(keys).toMatchObject({ status: "completed", session_id: expect.any(String) });
    expect(await readFile(keys["output_path"] ?? "", "utf8")).toContain("Done at last.");
  });
});

withClaude("rest", (version) => {
  test("a session of the broker works on between Claude's commands, as SKILL.md writes them", async () => {
    const work = heldWork([codexSays("All is moved.")]);
    await using world = await createWorld({ script: work.script });
    await using broker = brokerIn(world);
    const { as, env } = await installForUser(world);
    const end = await runClaude(world, {
      ...{ version, env, prompt: "use codex to move billing to promises" },
      script: [
        use("Skill", { skill: as }),
        (conversation) => bash(commandIn(conversation, /\/codex_broker" start/)),
        async (conversation) => {
          await world.model.asked(1);
          return bash(`${commandIn(conversation, /\/codex_broker" wait/)} --timeout 1`);
        },
        (conversation) => bash(commandIn(conversation, /\/codex_broker" send/)),
        async (conversation) => {
          await work.letGo(world);
          return bash(commandIn(conversation, /\/codex_broker" wait/));
        },
        ({ result }) => say(result.text),
      ],
    });
    expect(end).toMatchObject({ code: 0, denials: [] });
    const [, started, slice, steered, waited] = end.api.conversations.at(-1)?.results ?? [];
    const { broker_id = "" } = keysIn(started?.text ?? "");
    expect(await broker.state(broker_id)).toMatchObject({ status: "waiting_input", pending_count: 0 });
    expect(slice?.isError).toBe(false);
    expect(keysIn(slice?.text ?? "")).toMatchObject({ status: "running" });
    expect(steered?.isError).toBe(false);
    expect(waited?.isError).toBe(false);
    const keys = keysIn(end.answer ?? "");
    expect(keys).toMatchObject({ broker_id, status: "waiting_input", last_run_status: "completed" });
    expect(await readFile(keys["last_output_path"] ?? "", "utf8")).toContain("All is moved.");
    expect(tasksIn(world.model.requests.at(-1)).at(-1)).toContain("Leave src/billing/legacy.ts as it is.");
  });
});

withClaude("further", (version) => {
  test("a session of the broker outlives Claude, and another one collects it", async () => {
    const work = heldWork([codexSays("All is moved.")]);
    await using world = await createWorld({ script: work.script });
    await using broker = brokerIn(world);
    const { skill, env } = await installForUser(world);
    const common = { version, env, prompt: "use codex to move billing to promises" };
    const start = bash(commandOf(skill, "codex_broker start --name billing", "Move it."));
    const first = await runClaude(world, { ...common, script: [start, say("It is at work.")] });
    expect(first).toMatchObject({ code: 0, denials: [] });
    const { broker_id = "" } = keysIn(first.api.conversations[1]?.result.text ?? "");
    expect(await broker.state(broker_id)).toMatchObject({ status: expect.stringMatching(/queued|running/) });
    await work.letGo(world);
    const wait = bash(`"${join(skill, "scripts", "codex_broker")}" wait @billing`);
    const second = await runClaude(world, { ...common, script: [wait, ({ result }) => say(result.text)] });
    expect(keysIn(second.answer ?? "")).toMatchObject({ broker_id, last_run_status: "completed" });
  });
});
