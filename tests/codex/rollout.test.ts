import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CommandRun } from "../../src/codex/command-run.ts";
import {
  declinedCalls,
  readRollout,
  refusedCommands,
  rolloutSize,
  withRecordedOutput,
} from "../../src/codex/rollout.ts";
import { readSandbox } from "../../src/codex/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";

// Lines in the form of Codex 0.169's own, shortened.
function line(type: string, payload: object): string {
  return `${JSON.stringify({ timestamp: "2026-11-21T06:01:31.449Z", ordinal: 1, type, payload })}\n`;
}
function context(model: string, policy: object, more: object = {}): string {
  return line("turn_context", {
    turn_id: "u",
    disabled_plugin_ids: [],
    cwd: "/ws",
    approval_policy: "never",
    permission_profile: { type: "managed", network: "restricted" },
    model,
    summary: "none",
    sandbox_policy: policy,
    ...more,
  });
}
function call(id: string, args: object): string {
  const named = { id: `item_${id}`, name: "exec_command", arguments: JSON.stringify(args), call_id: id };
  return line("response_item", { type: "function_call", ...named });
}
function result(id: string, output: unknown): string {
  return line("response_item", { type: "function_call_output", id: `fco_${id}`, call_id: id, output });
}
function output(exitCode: number, printed: string): string {
  const head = `Chunk ID: 7a3f40\nWall time: 0.0000 seconds\nProcess exited with code ${exitCode}\n`;
  return `${head}Original token count: 26\nOutput:\n${printed}`;
}
const noise = [
  line("session_meta", { id: "t", cwd: "/ws", cli_version: "0.169.0", base_instructions: { text: "long" } }),
  line("event_msg", { type: "task_started", turn_id: "u" }),
  line("response_item", { type: "message", role: "user", content: [{ type: "input_text", text: "turn_context" }] }),
  line("world_state", { full: true }),
].join("");
const NOTHING = { settings: null, ofTurns: new Map(), calls: [] };
const readOnly = { type: "read-only", network_access: false };

/** A rollout of these lines, read from an offset. */
async function read(text: string, from = 0) {
  await using temp = await tempFolder();
  const path = join(temp.path, "rollout.jsonl");
  await writeFile(path, text);
  return await readRollout(path, from);
}

test("the settings are those of the last turn", async () => {
  const writing = {
    type: "workspace-write",
    network_access: true,
    writable_roots: ["/data"],
    exclude_slash_tmp: false,
  };
  const { settings } = await read(
    noise + context("a", readOnly) + noise + context("b", writing, { effort: "low" }) + noise,
  );
  expect(settings).toMatchObject({ cwd: "/ws", approvalPolicy: "never", model: "b", effort: "low" });
  expect(settings && readSandbox(settings.sandboxPolicy)).toEqual({
    mode: "workspace-write",
    network: true,
    writableRoots: ["/data"],
  });
});

test("each turn has its own settings and calls", async () => {
  const part = await read(
    [
      context("a", readOnly, { turn_id: "u1" }) + call("c0", { cmd: "ls" }),
      context("b", { type: "danger-full-access" }, { turn_id: "u2" }) + call("c1", { cmd: "touch x" }),
    ].join(noise),
  );
  expect([...part.ofTurns].map(([id, { model, sandboxPolicy }]) => [id, model, sandboxPolicy.type])).toEqual([
    ["u1", "a", "read-only"],
    ["u2", "b", "danger-full-access"],
  ]);
  expect(part.calls.map(({ id, turnId }) => [id, turnId])).toEqual([
    ["c0", "u1"],
    ["c1", "u2"],
  ]);
});

test("settings that leave out effort and folders have none", async () => {
  const { settings } = await read(context("a", { type: "workspace-write", network_access: false }));
  expect(settings?.effort ?? null).toBeNull();
  expect(settings && readSandbox(settings.sandboxPolicy)).toMatchObject({ network: false, writableRoots: [] });
});

test("calls are joined with what the model was told of them", async () => {
  const part = await read(
    noise +
      call("c0", { cmd: "echo b > b.txt" }) +
      call("c1", { cmd: "ls" }) +
      result("c1", "one") +
      result("c0", "zero"),
  );
  expect(part.calls).toEqual([
    { id: "c0", turnId: null, command: "echo b > b.txt", output: "zero" },
    { id: "c1", turnId: null, command: "ls", output: "one" },
  ]);
});

test.each([
  { name: "the older shell tool", args: { command: ["bash", "-lc", "ls"] }, commands: ["bash -lc ls"] },
  { name: "a shell tool that takes words", args: { command: "ls" }, commands: ["ls"] },
  { name: "a tool that is not a shell", args: { plan: [] }, commands: [] },
])("a command is read from the call of $name", async ({ args, commands }) => {
  expect((await read(call("c", args))).calls.map(({ command }) => command)).toEqual(commands);
});

test.each([
  { name: "nothing", text: "" },
  { name: "noise", text: noise },
  { name: "a torn line", text: call("c", { cmd: "ls" }).slice(0, 150) },
  { name: "a context in another form", text: line("turn_context", { cwd: "/ws" }) },
  { name: "a call whose arguments are torn", text: call("c", {}).replace('"{}"', '"{"') },
  { name: "an answer to no call", text: result("c", "out") },
  { name: "a line of something else", text: '"type":"function_call"\nnull\n[]\n' },
])("$name tells nothing and harms nothing", async ({ text }) => {
  expect(await read(text)).toEqual(NOTHING);
});

test("a torn last line costs no more than itself", async () => {
  const torn = context("b", readOnly).slice(0, -20);
  const part = await read(context("a", readOnly) + call("c", { cmd: "ls" }) + torn);
  expect(part).toMatchObject({ settings: { model: "a" }, calls: [{ id: "c" }] });
});

test("from an offset on, only what came later is told", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "rollout.jsonl");
  await writeFile(path, `${context("a", readOnly)}${call("c0", { cmd: "écho 😀" })}`);
  const size = await rolloutSize(path);
  expect(await readRollout(path, size)).toEqual(NOTHING);
  expect(await readRollout(path, size + 1_000)).toEqual(NOTHING);
  await appendFile(path, context("b", readOnly) + call("c1", { cmd: "ls" }));
  const part = await readRollout(path, size);
  expect(part).toMatchObject({ settings: { model: "b" }, calls: [{ id: "c1" }] });
  expect(part.calls).toHaveLength(1);
});

test.each([{ name: "no path" }, { name: "no file", file: "none.jsonl" }])(
  "$name is an empty rollout",
  async ({ file }) => {
    await using temp = await tempFolder();
    const path = file === undefined ? null : join(temp.path, file);
    expect(await rolloutSize(path)).toBe(0);
    expect(await readRollout(path, 0)).toEqual(NOTHING);
  },
);

const ran = { id: "c0", command: "ls", cwd: "/ws", exitCode: 0, durationMs: 1, readOnly: true, outputTail: "" };
const known: CommandRun = { ...ran, status: "completed" };

test("a command that the sandbox refused at once leaves no item, and is found by its call", async () => {
  const refusal = "/bin/bash: line 1: b.txt: Read-only file system\n";
  const part = await read(
    call("c0", { cmd: "ls" }) +
      result("c0", output(0, "a\n")) +
      call("c1", { cmd: "echo b > b.txt" }) +
      result("c1", output(1, refusal)),
  );
  expect(refusedCommands(part, [known])).toEqual([
    {
      id: "c1",
      command: "echo b > b.txt",
      cwd: "",
      exitCode: 1,
      durationMs: null,
      status: "refused",
      readOnly: false,
      outputTail: refusal,
    },
  ]);
});

test.each([
  { name: "ended before its last words were read", item: "", told: "a.txt: Read-only file system\n" },
  { name: "has printed more than the model was given", item: `${"x".repeat(100)}\n`, told: `${"x".repeat(100)}\n` },
])("the output of a command that $name is the longer of the two", async ({ item, told }) => {
  const part = await read(call("c0", { cmd: "ls" }) + result("c0", output(1, "a.txt: Read-only file system\n")));
  const failed: CommandRun = { ...ran, exitCode: 1, status: "failed", outputTail: item };
  expect(withRecordedOutput(part, [failed])).toEqual([{ ...failed, outputTail: told }]);
});

test("a quick command that left no item and went well was not refused", async () => {
  const part = await read(call("c1", { cmd: "echo hello" }) + result("c1", output(0, "hello\n")));
  expect(refusedCommands(part, [])).toMatchObject([{ status: "completed", exitCode: 0, outputTail: "hello\n" }]);
});

test.each([
  { name: "interrupted", answer: [result("c1", "aborted by user after 0.1s")] },
  { name: "still running", answer: [result("c1", "Process running with session ID 7\nOutput:\n")] },
  { name: "without an answer", answer: [] },
  { name: "answered in another form", answer: [result("c1", [{ type: "input_text", text: "x" }])] },
  {
    name: "still running, and printing what looks like an end",
    answer: [result("c1", "Process running with session ID 7\nOutput:\nProcess exited with code 0\n")],
  },
])("a command that is $name did not end, so it was not refused", async ({ answer }) => {
  const part = await read([call("c1", { cmd: "sleep 9" }), ...answer].join(""));
  expect(refusedCommands(part, [])).toEqual([]);
});

test("the exit code is Codex's own word, not the command's", async () => {
  const printed = "Process exited with code 0\nOutput:\nall well\n";
  const part = await read(call("c1", { cmd: "cat log" }) + result("c1", output(1, printed)));
  expect(refusedCommands(part, [])).toMatchObject([{ status: "refused", exitCode: 1, outputTail: printed }]);
});

test("of much output the end is kept", async () => {
  const part = await read(call("c1", { cmd: "x" }) + result("c1", output(1, `${"x".repeat(9_000)}the verdict`)));
  const [refused] = refusedCommands(part, []);
  expect(refused?.outputTail).toHaveLength(2_000);
  expect(refused?.outputTail).toMatch(/the verdict$/);
});

test("a call to leave the sandbox that Codex turned down by itself is not a command, and is told", async () => {
  const refusal = "approval policy is Never; reject command — you cannot ask for escalated permissions";
  const part = await read(call("c1", { cmd: "make install" }) + result("c1", refusal));
  expect(refusedCommands(part, [])).toEqual([]);
  expect(declinedCalls(part)).toMatchObject([{ what: "run outside the sandbox: make install" }]);
});
