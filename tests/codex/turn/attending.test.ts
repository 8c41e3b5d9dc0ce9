import { expect, test } from "vitest";
import type { Connection, Response, ServerRequest } from "../../../src/codex/connection.ts";
import { MOST_REPLY, type ToolReply } from "../../../src/codex/tools.ts";
import { Attending } from "../../../src/codex/turn/attending.ts";

test("calls are answered once each, in whatever order their answers come, the request 0 as well", async () => {
  const { attending, answer, responses } = attended();
  expect(attending.take(callOf(0, "a"))).toBe(true);
  expect(attending.take(callOf(1, "b"))).toBe(true);
  await answer("b", { text: "second", success: true });
  await answer("a", { text: "first", success: false });
  expect(responses).toEqual([
    { id: 1, ...said("second", true) },
    { id: 0, ...said("first", false) },
  ]);
});

test("the clocks stand still until the last call is answered", async () => {
  const { attending, answer, clocks } = attended();
  attending.take(callOf(0, "a"));
  attending.take(callOf(1, "b"));
  await answer("a", { text: "", success: true });
  expect(clocks).not.toContain("resume");
  await answer("b", { text: "", success: true });
  expect(clocks.at(-1)).toBe("resume");
});

test("a turn that is over cancels the work on its calls, and is answered nothing any more", async () => {
  const { attending, answer, responses, signals } = attended();
  attending.take(callOf(0, "a"));
  attending.close();
  expect(signals.get("a")?.aborted).toBe(true);
  await answer("a", { text: "late", success: true });
  expect(responses).toEqual([]);
});

test("what is longer than the model gets to see whole is cut at the end, and says so", async () => {
  const { attending, answer, responses } = attended();
  attending.take(callOf(0, "a"));
  await answer("a", { text: "x".repeat(50_000), success: true });
  const text = JSON.stringify(responses[0]);
  expect(text.length).toBeLessThan(MOST_REPLY + 200);
  expect(text).toContain("(cut)");
});

test.each([
  { name: "a tool that is none of ours", request: callOf(0, "a", "other_tool") },
  { name: "a call without an id", request: { ...callOf(0, "a"), params: { tool: "delegate" } } },
  { name: "another request", request: { id: 0, method: "currentTime/read", params: {} } },
])("$name is left to who decides without asking", ({ request }) => {
  const { attending, signals } = attended();
  expect(attending.take(request)).toBe(false);
  expect(signals.size).toBe(0);
});

function callOf(id: number, callId: string, tool = "delegate"): ServerRequest {
  const params = { threadId: "t", turnId: "u", callId, namespace: null, tool, arguments: {} };
  return { id, method: "item/tool/call", params };
}

function said(text: string, success: boolean): Response {
  return { result: { contentItems: [{ type: "inputText", text }], success } };
}

/** A turn with one tool, whose calls are answered by hand. */
function attended() {
  const responses: object[] = [];
  const clocks: string[] = [];
  const signals = new Map<string, AbortSignal>();
  const waiting = new Map<string, (reply: ToolReply) => void>();
  const connection: Connection = {
    request: () => Promise.reject(new Error("nothing is requested")),
    notify: () => {},
    respond: (id, response) => responses.push({ id, ...response }),
    close: () => {},
  };
  const note = (word: string) => () => void clocks.push(word);
  const attending = new Attending({
    attendant: null,
    toolbox: {
      tools: [{ name: "delegate", description: "", inputSchema: {} }],
      call: ({ callId }, signal) => {
        signals.set(callId, signal);
        return new Promise((resolve) => waiting.set(callId, resolve));
      },
      rest: async () => {},
    },
    connection,
    clocks: { progress: note("progress"), pause: note("pause"), resume: note("resume"), stop: note("stop") },
    noteDeclined: () => {},
  });
  const answer = async (callId: string, reply: ToolReply) => {
    waiting.get(callId)?.(reply);
    await new Promise(setImmediate);
  };
  return { attending, answer, responses, clocks, signals };
}
