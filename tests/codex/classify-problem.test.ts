import { expect, test } from "vitest";
import { classifyProblem, explainRefusal, httpStatusOf, isEndlessRetry } from "../../src/codex/classify-problem.ts";
import { RpcError } from "../../src/codex/connection.ts";
import type { TurnError } from "../../src/codex/messages.ts";
import { disconnected, ERROR_INFOS, http, REFUSALS, SENTENCES_OF_TURNS } from "./recorded-errors.ts";

type Info = TurnError["codexErrorInfo"];

function problem(message: string, codexErrorInfo: Info = "other", additionalDetails: string | null = null): TurnError {
  return { message, codexErrorInfo, additionalDetails };
}

test.each(ERROR_INFOS)("by its type alone, $info is $kind", ({ info, kind }) => {
  expect(classifyProblem(problem("some words", info))).toBe(kind);
});

// Measured: what 0.169 types, 0.150 mostly tells in words only.
test.each(SENTENCES_OF_TURNS)("'$message' as $info is $kind", ({ message, info, kind }) => {
  expect(classifyProblem(problem(message, info))).toBe(kind);
});

test.each([
  "the tests say: unexpected status 401 Unauthorized",
  "I found that the Rate limit reached its end",
  "Your code prints 'Missing environment variable: X'",
  "see docs: Selected model is at capacity",
])("words of a model are not taken for Codex's own: %s", (message) => {
  expect(classifyProblem(problem(message))).toBe("turn_failed");
});

test.each([
  { name: "typed", error: problem("x", http(502)), status: 502 },
  { name: "in the sentence", error: problem("unexpected status 403 Forbidden: x"), status: 403 },
  { name: "in the other sentence", error: problem("exceeded retry limit, last status: 429 …"), status: 429 },
  { name: "typed and in the sentence", error: problem("unexpected status 403 Forbidden", http(401)), status: 401 },
  { name: "typed as none", error: problem("Reconnecting... 2/5", disconnected(null)), status: null },
  { name: "nowhere", error: problem("stream closed"), status: null },
  { name: "in the middle of other words", error: problem("I saw unexpected status 401 there"), status: null },
])("the HTTP status is read where it is: $name", ({ error, status }) => {
  expect(httpStatusOf(error)).toBe(status);
});

test.each([
  {
    message: "Reconnecting... waiting for network",
    details: "Connection failed: error sending request",
    endless: true,
  },
  { message: "Reconnecting...", details: "waiting for network", endless: true },
  { message: "Reconnecting... 1/5", details: null, endless: false },
  { message: "Reconnecting... 5/5", details: "Connection failed: error sending request", endless: false },
])("only a retry without a count is endless: $message ($details)", ({ message, details, endless }) => {
  expect(isEndlessRetry(problem(message, disconnected(null), details))).toBe(endless);
});

test.each(REFUSALS)("a request that is refused with '$refusal' is $kind", ({ refusal, kind }) => {
  expect(explainRefusal(new RpcError("turn/start", { message: refusal }))).toMatchObject({ kind, message: refusal });
});
