import { expect, test } from "vitest";
import { AskCodexError } from "../../../src/errors.ts";
import type { Finding } from "../../../src/handoff/judge/finding.ts";
import { NOT_JUDGED } from "../../../src/handoff/run/contract-reviewer.ts";
import { type Execution, NO_EXECUTION } from "../../../src/orchestrate/delegation/execution.ts";
import type { DelegationVerdict } from "../../../src/orchestrate/delegation/outcome.ts";
import { type Evidence, verdictOf } from "../../../src/orchestrate/delegation/verdict.ts";
import { facts } from "../../support/samples/handoff.ts";

const found = (rule: Finding["rule"]): Finding => ({ rule, path: null, line: null, message: "So it is." });
const said = (word: "DONE" | "BLOCKED" | "PARTIAL") => ({ said: { word, text: "So it is." } });
const DENIED = { denials: [{ tool: "Edit", what: "src/other.js" }] };
const ERROR = { error: new AskCodexError("claude_crashed", "It crashed.") };

interface Case extends Partial<Pick<Evidence, "kind" | "interrupted">> {
  readonly ran?: Partial<Execution>;
  readonly findings?: readonly Finding[];
  readonly idle?: boolean;
}

test.each<readonly [string, Case, DelegationVerdict]>([
  ["done, and it holds", {}, "completed"],
  ["a violation, whatever else there is", { findings: [found("scope")], interrupted: true, ran: ERROR }, "violated"],
  ["ended by us, and it had an error", { interrupted: true, ran: ERROR }, "interrupted"],
  ["ended by us after it had said that it is done", { interrupted: true }, "interrupted"],
  ["an error of the executor", { ran: { ...ERROR, ...said("BLOCKED") } }, "executor_failed"],
  ["commands that hold, without an executor", { kind: "run", ran: { said: null } }, "completed"],
  ["commands that fail, without an executor", { kind: "run", findings: [found("validation")] }, "failed"],
  ["blocked, and nothing holds", { ran: said("BLOCKED"), findings: [found("validation")] }, "blocked"],
  ["denied, and nothing changed", { ran: DENIED, idle: true }, "denied"],
  ["denied, and it does not hold", { ran: DENIED, findings: [found("validation")] }, "denied"],
  ["denied, and it holds", { ran: DENIED }, "denied"],
  ["denied, and a part is done", { ran: { ...DENIED, ...said("PARTIAL") } }, "partial"],
  ["no closing line", { ran: { said: null } }, "no_report"],
  ["done, and it does not hold", { findings: [found("validation")] }, "failed"],
  ["a part, and that does not hold", { ran: said("PARTIAL"), findings: [found("validation")] }, "failed"],
  ["a part, and that holds", { ran: said("PARTIAL") }, "partial"],
  ["done without a change", { idle: true }, "no_change"],
  ["looked without a change", { kind: "look", idle: true }, "completed"],
  ["looked without a word", { kind: "look", ran: { notes: " " } }, "no_report"],
])("%s", (_what, { kind = "change", interrupted = false, ran = {}, findings = [], idle = false }, verdict) => {
  const execution = { ...NO_EXECUTION, ...said("DONE"), notes: "So it is.", ...ran };
  const judged = { ...NOT_JUDGED, facts: facts({ idle }), findings };
  expect(verdictOf({ kind, execution, judged, interrupted })).toBe(verdict);
});

test("work that was not looked at is not done", () => {
  const execution = { ...NO_EXECUTION, ...said("DONE") };
  expect(verdictOf({ kind: "change", execution, judged: NOT_JUDGED, interrupted: false })).toBe("failed");
});
