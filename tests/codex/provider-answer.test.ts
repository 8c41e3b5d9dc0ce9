import { expect, test } from "vitest";
import { explainProblem } from "../../src/codex/classify-problem.ts";
import { ANSWERS, status } from "./recorded-answers.ts";

/** Bodies as providers send them, in the form in which Codex 0.150 to 0.171 hands them on. */
test.each(ANSWERS)("$name is $kind, in its own words", ({ message, kind, said }) => {
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
