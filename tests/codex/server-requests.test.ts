import { expect, test } from "vitest";
import { decideRequest, declinedTool } from "../../src/codex/server-requests.ts";

const words = expect.stringMatching(/\S/);
const inThread = { threadId: "t", turnId: "u", itemId: "i" };

// All that Codex 0.150 to 0.169 can ask (`codex app-server generate-ts`: ServerRequest), and the form each answer must have.
test.each([
  {
    method: "item/commandExecution/requestApproval",
    params: { ...inThread, command: "rm -rf build", reason: "clean up" },
    result: { decision: "decline" },
    names: "rm -rf build",
  },
  {
    method: "item/fileChange/requestApproval",
    params: { ...inThread, reason: "outside of the workspace", grantRoot: "/etc" },
    result: { decision: "decline" },
    names: "outside of the workspace",
  },
  {
    method: "item/permissions/requestApproval",
    params: { ...inThread, reason: "needs the network", permissions: { network: { enabled: true } } },
    result: { permissions: {}, scope: "turn" },
    names: "needs the network",
  },
  {
    method: "mcpServer/elicitation/request",
    params: { ...inThread, serverName: "tickets", message: "Which project?", mode: "form" },
    result: { action: "decline", content: null, _meta: null },
    names: "tickets",
  },
  {
    method: "item/tool/call",
    params: { ...inThread, callId: "c", tool: "deploy", arguments: {} },
    result: { contentItems: [{ type: "inputText", text: words }], success: false },
    names: "deploy",
  },
  {
    method: "execCommandApproval",
    params: { conversationId: "t", callId: "c", command: ["rm"] },
    result: { decision: { denied: { rejection: words } } },
    names: "execCommandApproval",
  },
  {
    method: "applyPatchApproval",
    params: { conversationId: "t", callId: "c", fileChanges: {} },
    result: { decision: { denied: { rejection: words } } },
    names: "applyPatchApproval",
  },
  {
    method: "item/tool/requestUserInput",
    params: { ...inThread, questions: "brand new form" },
    result: { answers: {} },
    names: "question",
  },
])("$method is declined, told to the model, and noted", ({ method, params, result, names }) => {
  expect(decideRequest({ id: 1, method, params })).toEqual({
    type: "answer",
    response: { result },
    declined: { what: expect.stringContaining(names), reason: words },
  });
});

test.each(["account/chatgptAuthTokens/refresh", "attestation/generate", "brand/new"])(
  "%s is refused by name, at once",
  (method) => {
    expect(decideRequest({ id: "x", method, params: {} })).toEqual({
      type: "answer",
      response: { error: { code: -32601, message: expect.stringContaining(method) } },
      declined: { what: method, reason: words },
    });
  },
);

test("the time is told in whole Unix seconds, and that declines nothing", () => {
  const before = Math.floor(Date.now() / 1000);
  const decision = decideRequest({ id: 1, method: "currentTime/read", params: { threadId: "t" } });
  const { currentTimeAt } = (decision as { response: { result: { currentTimeAt: number } } }).response.result;
  expect(decision).toEqual({ type: "answer", response: { result: { currentTimeAt } }, declined: null });
  expect(Number.isInteger(currentTimeAt)).toBe(true);
  expect(currentTimeAt).toBeGreaterThanOrEqual(before);
  expect(currentTimeAt).toBeLessThanOrEqual(Date.now() / 1000);
});

test("questions are handed out with their options", () => {
  const options = [
    { label: "pg", description: "Postgres" },
    { label: "sqlite", description: "one file" },
  ];
  const asked = { id: "db", header: "DB", question: "Which database?", options };
  const open = { id: "name", header: "Name", question: "What is it called?", options: null };
  const questions = [{ ...asked, isOther: true, isSecret: false }, open];
  const decision = decideRequest({ id: 1, method: "item/tool/requestUserInput", params: { ...inThread, questions } });
  expect(decision).toEqual({ type: "question", questions: [asked, open] });
});

test.each([undefined, null, "text", 7, [], { command: ["not", "text"] }])(
  "odd params are answered too: %j",
  (params) => {
    for (const method of ["item/commandExecution/requestApproval", "item/fileChange/requestApproval"]) {
      expect(decideRequest({ id: 1, method, params })).toMatchObject({ response: { result: { decision: "decline" } } });
    }
  },
);

test.each([
  {
    name: "for want of an approval",
    message: "MCP tool call requires approval, but approval policy is never",
    told: true,
  },
  { name: "for a reason of its own", message: "the server is gone", told: false },
])("a tool that failed $name is told as declined: $told", ({ message, told }) => {
  const item = { type: "mcpToolCall" as const, id: "i", server: "tickets", tool: "close", error: { message } };
  const declined = declinedTool({ type: "item_completed", turnId: "u", item });
  expect(declined).toEqual(told ? { what: "tool close of tickets", reason: words } : null);
});
