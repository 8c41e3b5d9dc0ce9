import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { ConnectionClosed, connect, RpcError } from "../../src/codex/connection.ts";
import { anyAnswer } from "../../src/codex/messages.ts";

/** A connection with both its ends in our hands. */
function open() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const heard: unknown[] = [];
  const connection = connect(input, output, {
    notification: (notification) => heard.push({ notification }),
    request: (request) => heard.push({ request }),
  });
  return {
    connection,
    input,
    /** All that was sent since the last look. */
    sent: (): { id: number }[] =>
      String(input.read() ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    /** Writes lines as Codex would: a string as it is, anything else as JSON. */
    say(...messages: readonly unknown[]) {
      for (const message of messages) {
        output.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`);
      }
    },
    /** All that was heard, once Codex has no more to say. */
    async heard() {
      output.end();
      await finished(output);
      return heard;
    },
  };
}

test("each answer goes to its own request, in whatever order they come", async () => {
  const { connection, sent, say } = open();
  const requests = ["one", "two", "three"].map((method) => connection.request(method, {}, z.string()));
  const ids = sent().map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  say({ id: ids[2], result: "third" }, { id: ids[0], result: "first" }, { id: ids[1], result: "second" });
  expect(await Promise.all(requests)).toEqual(["first", "second", "third"]);
});

test("every message is one line of JSON without a jsonrpc field, whatever it says", () => {
  const { connection, input } = open();
  void connection.request("turn/start", { text: 'a\nb\u2028"é' }, anyAnswer);
  connection.notify("initialized");
  const [request = "", notification = "", ...rest] = String(input.read()).split("\n");
  const id = expect.any(Number);
  expect(JSON.parse(request)).toEqual({ id, method: "turn/start", params: { text: 'a\nb\u2028"é' } });
  expect(JSON.parse(notification)).toEqual({ method: "initialized" });
  expect(rest).toEqual([""]);
});

test("an answer is cut down to the fields that were asked for", async () => {
  const { connection, sent, say } = open();
  const request = connection.request("thread/start", {}, z.object({ id: z.string() }));
  say({ id: sent()[0]?.id, result: { id: "t", brandNew: true } });
  expect(await request).toEqual({ id: "t" });
});

test("a refusal rejects with its code, its sentence and its data", async () => {
  const { connection, sent, say } = open();
  const request = connection.request("turn/start", {}, anyAnswer);
  const data = { input_error_code: "input_too_large", max_chars: 1_048_576, actual_chars: 2_000_000 };
  say({ id: sent()[0]?.id, error: { code: -32602, message: "Input exceeds the limit", data } });
  const error = await request.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({ code: -32602, message: "Input exceeds the limit", data });
});

test("a refusal without words names the method", async () => {
  const { connection, sent, say } = open();
  const request = connection.request("thread/resume", {}, anyAnswer);
  say({ id: sent()[0]?.id, error: {} });
  await expect(request).rejects.toMatchObject({ name: "RpcError", message: expect.stringContaining("thread/resume") });
});

test.each([
  { name: "a field of another type", answer: { result: { id: 7 } } },
  { name: "no result at all", answer: {} },
  { name: "null", answer: { result: null } },
])("an answer of another form is a protocol error: $name", async ({ answer }) => {
  const { connection, sent, say } = open();
  const request = connection.request("thread/start", {}, z.object({ id: z.string() }));
  say({ id: sent()[0]?.id, ...answer });
  await expect(request).rejects.toMatchObject({ kind: "protocol", message: expect.stringContaining("thread/start") });
});

test("closing fails every open request, fails later ones at once, and sends no more", async () => {
  const { connection, sent } = open();
  const requests = [connection.request("one", {}, anyAnswer), connection.request("two", {}, anyAnswer)];
  sent();
  connection.close();
  requests.push(connection.request("three", {}, anyAnswer));
  connection.notify("late");
  connection.respond(1, { result: {} });
  for (const { reason } of (await Promise.allSettled(requests)) as PromiseRejectedResult[]) {
    expect(reason).toBeInstanceOf(ConnectionClosed);
  }
  expect(sent()).toEqual([]);
});

test("a broken pipe is not an error of its own: the request waits for the end of Codex", async () => {
  const { connection, input } = open();
  input.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  const request = connection.request("one", {}, anyAnswer);
  // No `once`, no `finished`: they would listen for the error in our place.
  await new Promise((resolve) => input.on("close", resolve));
  connection.close();
  await expect(request).rejects.toBeInstanceOf(ConnectionClosed);
});

test.each([
  { name: "a notification", message: { method: "turn/started", params: { a: 1 } }, as: "notification" },
  { name: "a request with a number", message: { id: 7, method: "currentTime/read", params: {} }, as: "request" },
  { name: "a request with the number 0", message: { id: 0, method: "currentTime/read", params: {} }, as: "request" },
  { name: "a request with a word", message: { id: "x-1", method: "item/tool/call", params: {} }, as: "request" },
])("$name is heard as such", async ({ message, as }) => {
  const { say, heard } = open();
  say({ ...message, emittedAtMs: 1 });
  expect(await heard()).toEqual([{ [as]: message }]);
});

test("a request of Codex with the id of one of ours is not an answer to it", async () => {
  const { connection, sent, say } = open();
  const request = connection.request("ours", {}, z.string());
  const id = sent()[0]?.id;
  say({ id, method: "item/tool/call", params: {} }, { id, result: "ours" });
  expect(await request).toBe("ours");
});

test("a program that sends our requests back is not an app-server", async () => {
  const { connection, sent, say, heard } = open();
  const request = connection.request("initialize", {}, anyAnswer);
  say(sent()[0]);
  await expect(request).rejects.toMatchObject({ kind: "codex_incompatible" });
  expect(await heard()).toEqual([]);
});

test.each([
  { name: "a result", id: 0, response: { result: { decision: "decline" } } },
  { name: "an error", id: "x-1", response: { error: { code: -32601, message: "no" } } },
])("a request of Codex is answered under its own id with $name", ({ id, response }) => {
  const { connection, sent } = open();
  connection.respond(id, response);
  expect(sent()).toEqual([{ id, ...response }]);
});

test("noise is passed over", async () => {
  const { say, heard } = open();
  say("WARN not json", "", "42", "null", '"text"', "[1,2]", "{}", '{"id":null,"result":1}', '{"id":99,"result":1}');
  say('{"method":"turn/started","params":{', { method: 7 }, { method: "turn/completed", params: null });
  expect(await heard()).toEqual([{ notification: { method: "turn/completed", params: null } }]);
});

test("output of a command counts without being read", async () => {
  const method = "item/commandExecution/outputDelta";
  const { say, heard } = open();
  // What follows the method is never parsed: it would be an error here.
  say(`{"method":"${method}","params":{"delta":"never ends`);
  say({ params: { delta: "x" }, method });
  expect(await heard()).toEqual([
    { notification: { method, params: undefined } },
    { notification: { method, params: { delta: "x" } } },
  ]);
});
