import { expect, test } from "vitest";
import { makeCommand, parseCommand } from "../../../src/cli/command/parse-command.ts";

const make = () => makeCommand("copy", "copies", (command) => command.argument("<from>", "").option("--fast", ""));

test.each([
  { argv: [], says: "The argument <from> is missing." },
  { argv: ["a", "b"], says: "Unexpected argument: b (quote what holds blanks)" },
  { argv: ["a", "--fats"], says: "Unknown option: --fats. Did you mean --fast?" },
])("$argv: what is wrong is said in our words", ({ argv, says }) => {
  expect(() => parseCommand(make, argv)).toThrow(says);
});
