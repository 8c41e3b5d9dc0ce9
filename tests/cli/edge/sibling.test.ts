import { expect, test } from "vitest";
import { COMMANDS as ASK } from "../../../src/cli/ask/main.ts";
import { FORWARDED, siblingFor, TAKEN_BACK } from "../../../src/cli/edge/sibling.ts";
import { COMMANDS as SETUP } from "../../../src/cli/setup/main.ts";

test("ask-codex reaches every command of ask_codex, and ask_codex every command of ask-codex", () => {
  expect(Object.keys(FORWARDED).sort()).toEqual(["run", "session", ...Object.keys(ASK)].sort());
  expect(Object.keys(TAKEN_BACK).sort()).toEqual(Object.keys(SETUP).sort());
});

test.each([
  { argv: ["run", "--json", "fix it"], program: "ask_codex", gets: ["--json", "fix it"] },
  { argv: ["stats", "--json"], program: "ask_codex", gets: ["stats", "--json"] },
  { argv: ["session", "start", "fix it"], program: "codex_broker", gets: ["start", "fix it"] },
  { argv: ["help", "run"], program: "ask_codex", gets: ["--help"] },
  { argv: ["help", "session", "start"], program: "codex_broker", gets: ["start", "--help"] },
  { argv: ["help", "handoff", "run"], program: "ask_codex", gets: ["handoff", "run", "--help"] },
])("ask-codex $argv is $program $gets", ({ argv, program, gets }) => {
  expect(siblingFor(FORWARDED, argv)).toEqual({ program, argv: gets });
});

test.each([[], ["--help"], ["help"], ["doctor"], ["help", "doctor"], ["toString"], ["fix it"]])(
  "ask-codex %j stays with ask-codex",
  (...argv) => {
    expect(siblingFor(FORWARDED, argv)).toBeNull();
  },
);
