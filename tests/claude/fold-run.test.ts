import { expect, test } from "vitest";
import { type ClaudeExit, isHopeless, problemOf } from "../../src/claude/end.ts";
import { actionsIn, advance, type ClaudeRun, NO_RUN } from "../../src/claude/fold-run.ts";
import { claudeMessage } from "../../src/claude/messages.ts";
import { parseJsonLine } from "../../src/files/json-line.ts";

const EXIT: ClaudeExit = { code: 0, signal: null, error: null, stderr: "" };
const RESULT = { type: "result", subtype: "success", is_error: false, result: "done", session_id: "s" };

test("an edit counts once its result says that it was made, and a command also when it failed", () => {
  const run = folded([
    assistant(call("1", "Edit", { file_path: "/w/a.js" }), "2026-01-01T00:00:01.000Z"),
    answer("1", false, "2026-01-01T00:00:02.000Z"),
    assistant(call("2", "Edit", { file_path: "/w/b.js" }), "2026-01-01T00:00:03.000Z"),
    answer("2", true, "2026-01-01T00:00:04.000Z"),
    assistant(call("3", "Bash", { command: "npm test" }), "2026-01-01T00:00:05.000Z"),
    answer("3", true, "2026-01-01T00:00:06.000Z"),
    assistant(call("4", "Read", { file_path: "/w/c.js" }), "2026-01-01T00:00:07.000Z"),
  ]);
  const at = (second: number) => Date.parse(`2026-01-01T00:00:0${second}.000Z`);
  expect([...run.deeds]).toEqual([
    { file: "/w/a.js", from: at(1), until: at(2) },
    { file: null, from: at(5), until: at(6) },
  ]);
  expect(run.open.size).toBe(0);
});

test("a call that never ended is open", () => {
  const run = folded([assistant(call("1", "Bash", { command: "sleep 9" }), null)]);
  expect([...run.open.values()]).toEqual([{ file: null, from: 7, until: null }]);
});

test("the last result counts, and lines that are not messages change nothing", () => {
  const lines = [{ ...RESULT, result: "first" }, { type: "stream_event" }, "noise", { ...RESULT, result: "last" }];
  expect(folded(lines).result?.result).toBe("last");
});

test.each([
  [
    "a missing login",
    { is_error: true, terminal_reason: "api_error", result: "Not logged in · Please run /login" },
    "auth",
  ],
  ["a model that does not exist", { is_error: true, api_error_status: 404 }, "model_unavailable"],
  ["an overload", { is_error: true, api_error_status: 529, result: "Repeated 529 Overloaded errors" }, "overloaded"],
  [
    "an overload in words",
    { is_error: true, api_error_status: null, result: "API Error: Repeated 529 Over" },
    "overloaded",
  ],
  ["a limit in words", { is_error: true, api_error_status: null, result: "API Error: 429 Slow down" }, "rate_limit"],
  ["a rate limit", { is_error: true, api_error_status: 429 }, "rate_limit"],
  [
    "a plan's limit",
    { is_error: true, api_error_status: 429, result: "You've hit your limit · resets 3pm" },
    "usage_limit",
  ],
  ["an empty account", { is_error: true, api_error_status: 400, result: "Credit balance is too low" }, "usage_limit"],
  ["a payment", { is_error: true, api_error_status: 402, result: "Pay" }, "usage_limit"],
  ["a key", { is_error: true, api_error_status: 403, result: "API Error: 403 wrong key" }, "auth"],
  ["a region", { is_error: true, api_error_status: 403, result: "API Error: 403 not in your country" }, "network"],
  ["a page", { is_error: true, api_error_status: 403, result: "API Error: 403 <!DOCTYPE html><p>No</p>" }, "network"],
  ["a cut connection", { is_error: true, result: "API Error: Connection error (ECONNRESET)" }, "network"],
  [
    "a prompt that is too long",
    { is_error: true, terminal_reason: "prompt_too_long", api_error_status: 400 },
    "context_window",
  ],
  ["a budget", { subtype: "error_max_budget_usd", is_error: true, terminal_reason: "budget_exhausted" }, "budget"],
  ["a refusal", { is_error: true, stop_reason: "refusal", result: "I cannot." }, "turn_failed"],
  [
    "an interruption",
    { subtype: "error_during_execution", is_error: true, terminal_reason: "aborted_tools" },
    "turn_failed",
  ],
])("%s is a result that says so, whatever the exit code", (_what, result, kind) => {
  expect(problemOf(folded([{ ...RESULT, ...result }]), EXIT)?.kind).toBe(kind);
});

test.each([
  ["no line at all", [], { code: 1, stderr: "error: unknown option '--json-schema'" }, "claude_incompatible"],
  ["a crash", [], { code: 139, stderr: "Segmentation fault" }, "claude_crashed"],
  ["a kill", [], { code: null, signal: "SIGKILL" as const }, "claude_crashed"],
  [
    "a machine without descriptors",
    [],
    { code: null, error: Object.assign(new Error("spawn EMFILE"), { code: "EMFILE" }) },
    "system",
  ],
  ["a program that cannot be started", [], { code: null, error: new Error("spawn EACCES") }, "claude_missing"],
  [
    "an end while trying again",
    [{ type: "system", subtype: "api_retry", error_status: 529 }],
    { code: 143 },
    "overloaded",
  ],
])("%s has no result, and a kind all the same", (_what, lines, exit, kind) => {
  expect(problemOf(folded(lines), { ...EXIT, ...exit })?.kind).toBe(kind);
});

test("a page for a browser is named, and its markup left out; what a model said decides nothing", () => {
  const page = { ...RESULT, is_error: true, api_error_status: 502, result: "API Error: 502 <html><b>x</b></html>" };
  expect(problemOf(folded([page]), EXIT)).toMatchObject({
    kind: "overloaded",
    message: "HTTP 502: the answer was an HTML page instead of the API's",
  });
  const words = assistant({ type: "text", text: "The usage limit of the parser is in country.ts." }, null);
  const ended = { ...RESULT, subtype: "error_during_execution", is_error: true, result: null };
  expect(problemOf(folded([words, ended]), EXIT)?.kind).toBe("turn_failed");
});

test("a run of 50,000 calls is folded in time that grows with their number alone", () => {
  const begun = claudeMessage.parse(assistant(call("1", "Bash", { command: "true" }), null));
  const ended = claudeMessage.parse(answer("1", false, "2026-01-01T00:00:02.000Z"));
  let run = NO_RUN;
  for (let index = 0; index < 50_000; index++) run = advance(advance(run, begun, 7), ended, 7);
  expect(run.deeds.length).toBe(50_000);
});

test("a good result is not a problem, nor is an answer in no form that was asked for", () => {
  expect(problemOf(folded([RESULT]), EXIT)).toBeNull();
  const formless = { ...RESULT, subtype: "error_max_structured_output_retries", is_error: true };
  expect(problemOf(folded([formless]), { ...EXIT, code: 1 })).toBeNull();
});

test.each([
  [401, true],
  [403, true],
  [429, false],
  [529, false],
])("trying again after %i is hopeless: %s", (error_status, hopeless) => {
  const retry = { type: "system", subtype: "api_retry", error_status };
  expect(isHopeless(folded([retry]))).toBe(hopeless);
  expect(isHopeless(folded([retry, assistant({ type: "text", text: "back" }, null)]))).toBe(false);
});

test("an action is one line, without escapes, whatever the model calls", () => {
  const message = claudeMessage.parse(assistant(call("1", "Bash", { command: "a\n\u001B[31mb" }), null));
  expect(actionsIn(message)).toEqual(["Bash a b"]);
});

function folded(lines: readonly unknown[]): ClaudeRun {
  return lines.reduce<ClaudeRun>((run, line) => {
    const message = parseJsonLine(typeof line === "string" ? line : JSON.stringify(line), claudeMessage);
    return message === null ? run : advance(run, message, 7);
  }, NO_RUN);
}

function assistant(part: object, timestamp: string | null) {
  return { type: "assistant", timestamp, message: { content: [part] } };
}

function call(id: string, name: string, input: object) {
  return { type: "tool_use", id, name, input };
}

function answer(id: string, is_error: boolean, timestamp: string) {
  return { type: "user", timestamp, message: { content: [{ type: "tool_result", tool_use_id: id, is_error }] } };
}
