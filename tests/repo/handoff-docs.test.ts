import { describe, expect, test } from "vitest";
import { verdictPairs } from "../../src/cli/handoff/lines.ts";
import { RULES } from "../../src/handoff/judge/finding.ts";
import type { HandoffOutcome } from "../../src/handoff/run/outcome.ts";
import { toHandoffResult } from "../../src/handoff/run/result.ts";
import { textOf } from "../support/documents/documents.ts";
import { inWords, optionsOf } from "../support/documents/flags.ts";
import { codeIn, headingsIn, namesUnder, partOf, rowsUnder } from "../support/documents/markdown.ts";
import { commandOf, handoff } from "../support/documents/programs.ts";

const page = textOf("references/handoff-protocol.md");
const results = textOf("references/handoff-results.md");
const namesIn = (rows: readonly (readonly string[])[]) => rows.flatMap(([cell = ""]) => codeIn(cell));
const names = Object.keys(handoff);
const COMMON = ["-V, --version", "-h, --help"];

describe("the commands of ask_codex handoff", () => {
  test("each one has its part, in the order of --help", () => {
    expect(headingsIn(page, 3)).toEqual(names);
  });

  test.each(names)("%s has the flags that are told, with their defaults", (name) => {
    const own = optionsOf(commandOf(handoff, name).make()).filter(({ flags }) => !COMMON.includes(flags));
    const told = rowsUnder(partOf(page, name), "Flag");
    const shared = rowsUnder(partOf(page, name), "As in `ask_codex`").flatMap(([, flags = ""]) => codeIn(flags));
    const flagsTold = [...told.map(([flag = ""]) => codeIn(flag)[0]), ...shared];
    expect(flagsTold.sort()).toEqual(own.map(({ flags }) => flags).sort());
    for (const [flag = "", value = ""] of told) {
      const option = own.find(({ flags }) => flags === codeIn(flag)[0]);
      expect(value).toEqual(inWords(option?.defaultValue));
    }
  });
});

describe("what is judged", () => {
  test("every rule is told with its kind, in its order", () => {
    const told = rowsUnder(textOf("references/handoff-judge.md"), "Rule").map(([rule = "", kind]) => [
      codeIn(rule)[0],
      kind,
    ]);
    expect(told).toEqual(Object.entries(RULES));
  });

  test("every verdict is told with its exit code", () => {
    const told = rowsUnder(page, "`verdict=`").map(([verdict = "", code]) => [codeIn(verdict)[0], code]);
    expect(told).toEqual([
      ["completed", "0"],
      ["already_done", "0"],
      ["no_change", "1"],
      ["partial", "1"],
      ["blocked", "4"],
      ["violated", "5"],
      ["failed", "as `ask_codex`"],
    ]);
  });

  test("every field of result.json is told, in its order", () => {
    const contract = { handoff: { taskId: "a" }, document: null };
    const judged = { facts: null, findings: [], said: null, reason: "" };
    const outcome = {
      contract,
      judged,
      status: "failed",
      notes: [],
      undone: null,
      commit: { type: "none" },
      run: null,
    };
    const fields = Object.keys(toHandoffResult(outcome as unknown as HandoffOutcome));
    expect(namesIn(rowsUnder(partOf(results, "result.json"), "Field"))).toEqual(fields);
  });

  test("every key on stdout is told, in its order", () => {
    const facts = { files: [], validation: [] };
    const contract = { handoff: { taskId: "a" } };
    const outcome = { contract, judged: { facts, findings: [] }, commit: { type: "none" }, undone: null };
    const printed = verdictPairs(outcome as unknown as HandoffOutcome).map(([key]) => key);
    expect(namesUnder(partOf(results, "On stdout"), "Key")).toEqual([...printed, "worktree", "result"]);
  });
});
