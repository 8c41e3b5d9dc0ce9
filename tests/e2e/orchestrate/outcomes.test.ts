import { rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import type { Conversation } from "../../support/claude/conversation.ts";
import { bash, type Reply, refuse, say as speak, startMessagesApi, use } from "../../support/claude/messages-api.ts";
import { close, executorEnv } from "../../support/claude/scripted-executor.ts";
import { calls, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf, resultsOf } from "../../support/session-results.ts";
import { withCases } from "../../support/suite.ts";
import { CLAUDE_NEWEST, CLAUDE_VERSIONS } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

/** What an executor does with a task, and what that must come to. */
interface Case {
  /** Answers of its model, one after the other; the last one for ever. */
  readonly does: readonly (Reply | Promise<Reply>)[];
  readonly type?: string;
  readonly validation?: readonly string[];
  readonly becomes: Readonly<Record<string, unknown>>;
}

const SPREAD = "node spread.mjs";
const LONG = "It is so. ".repeat(1_200);
const done = (notes: string) => close("DONE", notes) as Reply;
const edit = (id: string, to: string) => [
  use("Read", { file_path: `${id}.txt` }),
  use("Edit", { file_path: `${id}.txt`, old_string: "old", new_string: to }),
];
const failed = (error_kind: string) => ({ verdict: "executor_failed", error_kind, files: [] });

const CASES: Readonly<Record<string, Case>> = {
  good: { does: [...edit("good", "new"), done("Done.")], becomes: { verdict: "completed", files: ["good.txt"] } },
  violating: {
    does: [...edit("violating", "new"), bash(SPREAD), done("Done.")],
    validation: [SPREAD],
    becomes: { verdict: "violated", undone: ["other.txt"], violations: ["scope"] },
  },
  lying: {
    does: [...edit("lying", "odd"), done("All tests pass.")],
    becomes: { verdict: "failed", failures: ["validation"], notes: expect.stringContaining("All tests pass.") },
  },
  idle: { does: [done("Done.")], validation: ["test -f idle.txt"], becomes: { verdict: "no_change", files: [] } },
  blocked: { does: [close("BLOCKED", "No such table.") as Reply], becomes: { verdict: "blocked", files: [] } },
  partial: {
    does: [...edit("partial", "new"), close("PARTIAL", "The rest.") as Reply],
    becomes: { verdict: "partial", files: ["partial.txt"] },
  },
  denied: {
    does: [
      use("Read", { file_path: "other.txt" }),
      use("Edit", { file_path: "other.txt", old_string: "other", new_string: "mine" }),
      done("Done."),
    ],
    becomes: {
      verdict: "denied",
      files: [],
      findings: expect.arrayContaining([expect.stringContaining("denied Edit")]),
    },
  },
  mute: { does: [speak("Hello.")], validation: ["test -f mute.txt"], becomes: { verdict: "no_report", files: [] } },
  silent: { does: [new Promise<Reply>(() => {})], becomes: failed("idle_timeout") },
  unknown: { does: [refuse(401, "authentication_error")], becomes: failed("auth") },
  overloaded: { does: [refuse(529, "overloaded_error")], becomes: failed("overloaded") },
  loggedout: { does: [], becomes: failed("auth") },
  crashing: { does: [], becomes: failed("claude_crashed") },
  garbage: { does: [], becomes: failed("claude_crashed") },
  long: {
    type: "analysis",
    does: [done(LONG)],
    becomes: { verdict: "completed", notes: expect.stringContaining(LONG.trim()) },
  },
  missing: { does: [], becomes: failed("claude_missing") },
};

const LEAN = ["violating", "lying", "crashing", "garbage", "missing"];

withCases<readonly [string, readonly string[]]>(
  {
    change: [[CLAUDE_NEWEST, LEAN]],
    matrix: CLAUDE_VERSIONS.map((version) => [version, Object.keys(CASES)] as const),
  },
  (cases) => {
    test.each(cases)(
      "whatever Claude Code %s does, Codex is told what that came to, and the next task is tried",
      async (version, ids) => {
        const program = { place: "" };
        await using world = await createWorld({ files: filesFor(ids), script: leader(ids, () => program.place) });
        program.place = join(world.temp, "claude-code");
        await writeFile(program.place, wrapper(version), { mode: 0o755 });
        await using api = await startMessagesApi(executor);
        await using broker = brokerIn(world);
        const env = { ...(await executorEnv(world, api.url)), ASK_CODEX_CLAUDE: program.place };
        const flags = ["--idle-timeout", "20", "--validation", SPREAD];
        const ended = await broker.with({ env }, "orchestrate", ...flags, "Try all", "--wait", "0");
        const id = ended.keys["broker_id"] ?? "";
        const finished = await payloadsOf(broker, id, "delegation_finished");
        const found = Object.fromEntries(finished.map((one) => [one["task_id"], one]));
        expect({ faults: api.faults, found }).toMatchObject({
          faults: [],
          found: Object.fromEntries(ids.map((one) => [one, CASES[one]?.becomes])),
        });
        expect(ended).toMatchObject({ code: 5, keys: { last_exit_code: "5" } });
        const replies = toolOutputs(world.model.requests.at(-1));
        for (const [at, one] of ids.entries()) {
          const { verdict } = CASES[one]?.becomes ?? {};
          expect(replies[at]?.startsWith(`{"verdict":"${verdict}","task_id":"${one}"`)).toBe(true);
          expect(replies[at]?.length).toBeLessThan(8_000);
        }
        expect(await readFile(join(world.workspace, "other.txt"), "utf8")).toBe("other\n");
        // Nothing of the executors goes on; what is left is the session's own.
        expect((await world.processes()).filter(({ command }) => command.includes("claude"))).toEqual([]);
      },
    );
  },
);

test("what no schema takes is answered, calls of one answer each get their own, and a used budget ends it", async () => {
  const delegate = (...ids: readonly string[]) => ({ name: "delegate_tasks", args: { tasks: ids.map(requestFor) } });
  const check = (task_id: string) => ({
    name: "delegate_tasks",
    args: { tasks: [{ task_id, type: "validation", validation: [`test -f ${task_id}.txt`] }] },
  });
  const titles = ["good", "partial", "idle"].map((task_id) => ({ task_id, title: task_id }));
  await using world = await createWorld({
    files: filesFor(["good", "partial", "idle"]),
    script: [
      calls({ name: "delegate_tasks", args: { nope: 1 } }, { name: "delegate_tasks", args: { tasks: [{ type: 7 }] } }),
      calls({ name: "task_queue", args: { action: "add", tasks: titles } }),
      // Not in the order of the queue.
      calls(check("idle"), check("partial")),
      calls(delegate("good")),
      calls(delegate("good")),
      say("That is where it stands."),
    ],
  });
  await using api = await startMessagesApi(executor);
  await using broker = brokerIn(world);
  const env = { ...(await executorEnv(world, api.url)), ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
  const ended = await broker.with({ env }, "orchestrate", "--budget-usd", "0.0001", "Try", "--wait", "0");
  const told = toolOutputs(world.model.requests.at(-1));
  expect(told.map((text) => text.slice(0, 40))).toEqual([
    expect.stringContaining('"verdict":"refused"'),
    expect.stringContaining('"verdict":"refused"'),
    expect.stringContaining("Open tasks"),
    '{"verdict":"completed","task_id":"idle",',
    '{"verdict":"completed","task_id":"partia',
    expect.stringContaining('{"verdict":"executor_failed"'),
    expect.stringContaining('"verdict":"refused"'),
  ]);
  expect(told[0]).toContain("tasks");
  expect(told[6]).toContain("budget");
  expect(ended.code).toBe(1);
  const id = ended.keys["broker_id"] ?? "";
  expect(await resultsOf(broker, id)).toMatchObject([{ status: "validation_failed" }]);
  const finished = await payloadsOf(broker, id, "delegation_finished");
  expect(finished.map(({ task_id, error_kind }) => [task_id, error_kind])).toEqual([
    ["idle", null],
    ["partial", null],
    ["good", "budget"],
  ]);
});

function filesFor(ids: readonly string[]) {
  const spread = 'import fs from "node:fs"; fs.writeFileSync("other.txt", "broken\\n");\n';
  return {
    "other.txt": "other\n",
    "spread.mjs": spread,
    ...Object.fromEntries(ids.map((id) => [`${id}.txt`, "old\n"])),
  };
}

function requestFor(task_id: string) {
  const { type = "implementation", validation = [`grep -q new ${task_id}.txt`] } = CASES[task_id] ?? {};
  if (type === "analysis") return { task_id, type, requirements: ["Say how it is"] };
  const scope = { files: [`${task_id}.txt`] };
  return { task_id, type, scope, requirements: [`Let ${task_id}.txt say new`], validation };
}

/** Delegates one after the other; before the last one the program is taken away. */
function leader(ids: readonly string[], program: () => string) {
  return (request: ModelRequest) => {
    const id = ids[toolOutputs(request).length];
    if (id === undefined) return say("That is where it stands.");
    if (id === "missing") rmSync(program());
    return calls({ name: "delegate_tasks", args: { tasks: [requestFor(id)] } });
  };
}

/** The model of all executors: it does with its task what the table says. */
function executor({ texts, results }: Conversation): Reply | Promise<Reply> {
  const told = texts.findLast((text) => text.startsWith("Task ")) ?? "";
  const does = CASES[/^Task (\S+)/.exec(told)?.[1] ?? ""]?.does ?? [];
  const reply = does[results.length] ?? does.at(-1);
  if (reply === undefined) throw new Error(`no executor should have been asked: ${told}`);
  return reply;
}

/** The real program, but for tasks in which something else is to be found in its place. */
function wrapper(version: string): string {
  return [
    "#!/bin/bash",
    "prompt=$(cat)",
    'case "$prompt" in',
    '*"Task crashing "*) echo "it breaks" >&2; exit 7;;',
    '*"Task garbage "*) echo "{]"; echo "<html>"; exit 0;;',
    '*"Task loggedout "*) unset ANTHROPIC_API_KEY;;',
    "esac",
    `exec '${claudeBin(version)}' "$@" <<< "$prompt"`,
    "",
  ].join("\n");
}
