import { expect, test } from "vitest";
import { explainProblem } from "../../src/codex/classify-problem.ts";
import type { ErrorKind } from "../../src/errors.ts";

const URL = ", url: http://127.0.0.1:1/v1/responses, cf-ray: 1";
const status = (words: string, body: unknown) =>
  `unexpected status ${words}: ${typeof body === "string" ? body : JSON.stringify(body)}${URL}`;
const RETIRED = "The 'm-1' model is not supported when using Codex with a ChatGPT account.";
const PAGE =
  "<!DOCTYPE html><html><head><title>Just a\n moment...</title></head><body>Turn on <b>JavaScript</b></body></html>";

/** Bodies as providers send them, in the form in which Codex 0.150 to 0.171 hands them on (measured; words of our own). */
test.each<{ name: string; message: string; kind: ErrorKind; said: string | RegExp }>([
  {
    name: "a retired model, {detail}",
    message: JSON.stringify({ detail: RETIRED }),
    kind: "model_unavailable",
    said: RETIRED,
  },
  {
    name: "a retired model, {error}",
    message: JSON.stringify({ type: "error", status: 400, error: { type: "invalid_request_error", message: RETIRED } }),
    kind: "model_unavailable",
    said: RETIRED,
  },
  {
    name: "a retired model, behind a status",
    message: status("400 Bad Request", { detail: RETIRED }),
    kind: "model_unavailable",
    said: RETIRED,
  },
  {
    name: "a model without a right to it",
    message: status("403 Forbidden", { error: { code: "model_not_found", message: "No access to m-1." } }),
    kind: "model_unavailable",
    said: "No access to m-1.",
  },
  {
    name: "payment required, with a code",
    message: status("402 Payment Required", {
      error: { code: "billing_hard_limit_reached", message: "The cap is hit." },
    }),
    kind: "usage_limit",
    said: "The cap is hit.",
  },
  {
    name: "payment required, of a workspace that is closed",
    message: status("402 Payment Required", { detail: { code: "deactivated_workspace" } }),
    kind: "auth",
    said: /^unexpected status 402/,
  },
  {
    name: "payment required, in words alone",
    message: status("402 Payment Required", "Please pay"),
    kind: "usage_limit",
    said: /Please pay/,
  },
  {
    name: "payment required, by a code that is unknown",
    message: status("402 Payment Required", { detail: { code: "brand_new", message: "Pay first." } }),
    kind: "usage_limit",
    said: "Pay first.",
  },
  {
    name: "quota, with a type instead of a code",
    message: status("429 Too Many Requests", { error: { type: "insufficient_quota", message: "Quota is gone." } }),
    kind: "usage_limit",
    said: "Quota is gone.",
  },
  {
    name: "a country, by its code",
    message: status("403 Forbidden", { error: { code: "unsupported_country_region_territory", message: "Not here." } }),
    kind: "network",
    said: "Not here.",
  },
  {
    name: "a country, in Codex's own words",
    message: status("403 Forbidden", "Country, region, or territory not supported"),
    kind: "network",
    said: /Country, region, or territory not supported/,
  },
  {
    name: "a page of something in between",
    message: status("403 Forbidden", PAGE),
    kind: "network",
    said: 'HTTP 403: the answer was an HTML page ("Just a moment...") instead of the API\'s',
  },
  {
    name: "a page without a title",
    message: status("502 Bad Gateway", "<html><body>bad</body></html>"),
    kind: "overloaded",
    said: "HTTP 502: the answer was an HTML page instead of the API's",
  },
  {
    name: "a refused key",
    message: status("403 Forbidden", { error: { message: "Wrong key." } }),
    kind: "auth",
    said: "Wrong key.",
  },
  {
    name: "a proxy that wants a login",
    message: status("407 Proxy Authentication Required", "no"),
    kind: "network",
    said: /no/,
  },
  {
    name: "a request that nobody understands",
    message: status("400 Bad Request", { error: "what?" }),
    kind: "turn_failed",
    said: "what?",
  },
  {
    name: "a sentence of a model in JSON",
    message: '{"note":"a model is not supported"}',
    kind: "turn_failed",
    said: /note/,
  },
  { name: "no JSON after all", message: "{ it broke", kind: "turn_failed", said: "{ it broke" },
])("$name is $kind, in its own words", ({ message, kind, said }) => {
  const error = explainProblem({ message, codexErrorInfo: "other", additionalDetails: null }, null);
  expect(error.kind).toBe(kind);
  if (typeof said === "string") expect(error.message).toBe(said);
  else expect(error.message).toMatch(said);
  expect(error.message).not.toMatch(/<(?:html|body|!doctype)/i);
  if (kind !== "auth") expect(error.hint).not.toMatch(/codex login/);
});

test("without a time of reset none is waited for; with one it is named", () => {
  const message = status("402 Payment Required", "Pay");
  const problem = { message, codexErrorInfo: "other", additionalDetails: null } as const;
  expect(explainProblem(problem, null)).toMatchObject({ resetsAt: null, hint: expect.stringContaining("credits") });
  expect(explainProblem(problem, 1_800_000_000)).toMatchObject({
    resetsAt: 1_800_000_000,
    hint: expect.stringContaining("resets_at"),
  });
});
