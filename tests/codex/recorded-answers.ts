import type { ErrorKind } from "../../src/errors.ts";

export interface RecordedAnswer {
  readonly name: string;
  readonly message: string;
  readonly kind: ErrorKind;
  readonly said: string | RegExp;
}

const URL = ", url: http://127.0.0.1:1/v1/responses, cf-ray: 1";
export const status = (words: string, body: unknown) =>
  `unexpected status ${words}: ${typeof body === "string" ? body : JSON.stringify(body)}${URL}`;
const RETIRED = "The 'm-1' model is not supported when using Codex with a ChatGPT account.";
const PAGE =
  "<!DOCTYPE html><html><head><title>Just a\n moment...</title></head><body>Turn on <b>JavaScript</b></body></html>";

/** The forms of answers that were measured, in words of our own. */
export const ANSWERS: readonly RecordedAnswer[] = [
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
  {
    name: "a country, by its code, without a status",
    message: JSON.stringify({
      error: { code: "unsupported_country_region_territory", message: "Not in this country." },
    }),
    kind: "network",
    said: "Not in this country.",
  },
  {
    name: "a list with one error in it",
    message: status("429 Too Many Requests", [{ error: { code: 429, status: "USED_UP", message: "Slow down." } }]),
    kind: "rate_limit",
    said: "Slow down.",
  },
  {
    name: "a list of errors in an object",
    message: status("401 Unauthorized", { success: false, errors: [{ code: 1, message: "Who is it?" }] }),
    kind: "auth",
    said: "Who is it?",
  },
  {
    name: "a list of what is wrong with a request",
    message: status("422 Unprocessable Entity", { detail: [{ loc: ["body"], msg: "a field is missing" }] }),
    kind: "turn_failed",
    said: "a field is missing",
  },
  {
    name: "a body that was cut",
    message: status(
      "400 Bad Request",
      `{"error":{"code":"model_not_found","message":"There is no m-1, and ${"x".repeat(900)}`,
    ),
    kind: "model_unavailable",
    said: /^There is no m-1, and x+$/,
  },
  {
    name: "a page behind a comment",
    message: status("403 Forbidden", "<!-- a --><html><title>No entry</title></html>"),
    kind: "network",
    said: 'HTTP 403: the answer was an HTML page ("No entry") instead of the API\'s',
  },
  {
    name: "a page that begins in the middle",
    message: status("503 Service Unavailable", "<center><h1>503</h1></center>"),
    kind: "overloaded",
    said: "HTTP 503: the answer was an HTML page instead of the API's",
  },
  ...codes([
    ["model_not_found", "model_unavailable"],
    ["model_not_supported", "model_unavailable"],
    ["unsupported_model", "model_unavailable"],
    ["DeploymentNotFound", "model_unavailable"],
    ["insufficient_quota", "usage_limit"],
    ["usage_limit_reached", "usage_limit"],
    ["billing_hard_limit_reached", "usage_limit"],
    ["billing_not_active", "usage_limit"],
    ["usage_not_included", "usage_limit"],
    ["rate_limit_exceeded", "rate_limit"],
    ["rate_limit_error", "rate_limit"],
    ["context_length_exceeded", "context_window"],
    ["server_is_overloaded", "overloaded"],
    ["slow_down", "overloaded"],
    ["overloaded_error", "overloaded"],
    ["invalid_api_key", "auth"],
    ["authentication_error", "auth"],
    ["deactivated_workspace", "auth"],
    ["account_deactivated", "auth"],
    ["unsupported_country_region_territory", "network"],
  ]),
];

/** A code alone decides, whatever the status. */
function codes(known: readonly (readonly [code: string, kind: ErrorKind])[]): readonly RecordedAnswer[] {
  return known.map(([code, kind]) => {
    const message = JSON.stringify({ error: { code, message: "It does not work." } });
    return { name: `the code ${code}`, message, kind, said: "It does not work." };
  });
}
