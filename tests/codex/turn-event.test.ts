import { expect, test } from "vitest";
import { toTurnEvent } from "../../src/codex/turn-event.ts";

const inTurn = { threadId: "t", turnId: "u" };
const count = (total: number) => ({
  totalTokens: total,
  inputTokens: total - 10,
  cachedInputTokens: 20,
  outputTokens: 10,
  reasoningOutputTokens: 4,
});
const settings = {
  cwd: "/ws",
  approvalPolicy: "never",
  sandboxPolicy: { type: "workspaceWrite", writableRoots: ["/data"], networkAccess: false, excludeSlashTmp: false },
  model: "gpt-5.2-codex",
  effort: "low",
};
const command = {
  type: "commandExecution",
  id: "call_0",
  command: "/bin/bash -lc ls",
  cwd: "/ws",
  status: "inProgress",
};

// Each as Codex 0.169 sends it, fields that we do not use included.
test.each([
  {
    method: "turn/started",
    params: { threadId: "t", turn: { id: "u", items: [], status: "inProgress", error: null } },
    event: { type: "turn_started", turnId: "u" },
  },
  {
    method: "turn/completed",
    params: { threadId: "t", turn: { id: "u", items: [], status: "completed", error: null, durationMs: 5 } },
    event: { type: "turn_completed", turnId: "u", status: "completed", error: null },
  },
  {
    method: "turn/completed",
    params: {
      threadId: "t",
      turn: { id: "u", status: "failed", error: { message: "m", codexErrorInfo: "other", additionalDetails: null } },
    },
    event: {
      type: "turn_completed",
      turnId: "u",
      status: "failed",
      error: { message: "m", codexErrorInfo: "other", additionalDetails: null },
    },
  },
  {
    method: "item/started",
    params: { ...inTurn, startedAtMs: 1, item: { ...command, processId: "7", commandActions: [{ type: "unknown" }] } },
    event: { type: "item_started", turnId: "u", at: 1, item: { ...command, commandActions: [{ type: "unknown" }] } },
  },
  {
    method: "item/completed",
    params: { ...inTurn, item: { type: "agentMessage", id: "m", text: "done", phase: null, questions: null } },
    event: {
      type: "item_completed",
      turnId: "u",
      item: { type: "agentMessage", id: "m", text: "done", phase: null, questions: null },
    },
  },
  {
    method: "item/agentMessage/delta",
    params: { ...inTurn, itemId: "m", delta: "do" },
    event: { type: "text", turnId: "u", itemId: "m", delta: "do" },
  },
  {
    method: "turn/plan/updated",
    params: { ...inTurn, explanation: null, plan: [{ step: "read", status: "completed" }] },
    event: { type: "plan", steps: [{ step: "read", status: "completed" }] },
  },
  {
    method: "thread/tokenUsage/updated",
    params: { ...inTurn, tokenUsage: { total: count(330), last: count(110), modelContextWindow: 258_400 } },
    event: { type: "usage", turnId: "u", total: count(330), last: count(110) },
  },
  {
    method: "thread/settings/updated",
    params: { threadId: "t", threadSettings: { ...settings, personality: "pragmatic" } },
    event: { type: "settings", settings },
  },
  {
    method: "account/rateLimits/updated",
    params: {
      rateLimits: {
        limitId: "codex",
        primary: { usedPercent: 100, windowDurationMins: 300, resetsAt: 5 },
        secondary: null,
      },
    },
    event: { type: "rate_limits", windows: [{ usedPercent: 100, resetsAt: 5 }] },
  },
  {
    method: "error",
    params: {
      ...inTurn,
      willRetry: true,
      error: {
        message: "Reconnecting... 1/5",
        codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: 401 } },
      },
    },
    event: {
      type: "problem",
      willRetry: true,
      error: {
        message: "Reconnecting... 1/5",
        codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: 401 } },
      },
    },
  },
  { method: "warning", params: { threadId: "t", message: "careful" }, event: { type: "warning", message: "careful" } },
  {
    method: "configWarning",
    params: { summary: "no bubblewrap", details: null },
    event: { type: "warning", message: "no bubblewrap" },
  },
  {
    method: "model/rerouted",
    params: { ...inTurn, fromModel: "a", toModel: "b", reason: "highRiskCyberActivity" },
    event: { type: "rerouted", from: "a", to: "b" },
  },
])("$method is read", ({ method, params, event }) => {
  expect(toTurnEvent({ method, params }, "t")).toEqual(event);
});

test.each([
  "item/commandExecution/outputDelta",
  "item/commandExecution/terminalInteraction",
  "item/fileChange/outputDelta",
  "item/fileChange/patchUpdated",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "item/reasoning/summaryPartAdded",
  "item/mcpToolCall/progress",
  "item/plan/delta",
])("%s shows that Codex is at work, whatever it says", (method) => {
  expect(toTurnEvent({ method, params: undefined }, "t")).toEqual({ type: "activity" });
});

test.each([
  { method: "turn/started", params: { threadId: "other", turn: { id: "u" } } },
  { method: "turn/completed", params: { threadId: "other", turn: { id: "u", status: "completed" } } },
  { method: "item/completed", params: { ...inTurn, threadId: "other", item: command } },
  { method: "item/agentMessage/delta", params: { ...inTurn, threadId: "other", itemId: "m", delta: "x" } },
  {
    method: "thread/tokenUsage/updated",
    params: { ...inTurn, threadId: "other", tokenUsage: { total: count(100), last: count(100) } },
  },
  { method: "thread/settings/updated", params: { threadId: "other", threadSettings: settings } },
])("$method of another thread is a sub-agent's", ({ method, params }) => {
  const event = toTurnEvent({ method, params }, "other");
  expect(toTurnEvent({ method, params }, "t")).toEqual({ type: "agent", threadId: "other", event });
});

test.each([
  { name: "a method of a later version", method: "turn/brandNew", params: inTurn },
  { name: "a known one in another form", method: "turn/completed", params: { threadId: "t", turn: "u" } },
  { name: "one without params", method: "turn/started", params: undefined },
  { name: "an item without an id", method: "item/completed", params: { ...inTurn, item: { type: "agentMessage" } } },
  { name: "a word that every object knows", method: "constructor", params: {} },
])("what is not understood passes through by its name: $name", ({ method, params }) => {
  expect(toTurnEvent({ method, params }, "t")).toEqual({ type: "other", method });
});

test.each([
  { name: "of a type from a later version", item: { type: "hologram", id: "h", size: 3 } },
  { name: "of a known type in another form", item: { type: "commandExecution", id: "h", command: ["ls"] } },
])("an item $name is still an item", ({ item }) => {
  const { type, id } = item;
  const event = toTurnEvent({ method: "item/completed", params: { ...inTurn, item } }, "t");
  expect(event).toEqual({ type: "item_completed", turnId: "u", item: { type, id } });
});

test.each([
  { name: "a word", info: "usageLimitExceeded", read: "usageLimitExceeded" },
  { name: "a word of a later version", info: "brandNew", read: "brandNew" },
  {
    name: "an object that holds something else",
    info: { activeTurnNotSteerable: { turnKind: "review" } },
    read: { activeTurnNotSteerable: { turnKind: "review" } },
  },
  { name: "a form of a later version", info: { brandNew: "word" }, read: null },
  { name: "a number", info: 7, read: null },
])("the error survives whatever its kind is written like: $name", ({ info, read }) => {
  const params = { ...inTurn, willRetry: false, error: { message: "m", codexErrorInfo: info } };
  expect(toTurnEvent({ method: "error", params }, "t")).toMatchObject({
    type: "problem",
    error: { message: "m", codexErrorInfo: read },
  });
});
