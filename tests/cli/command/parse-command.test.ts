import { expect, test } from "vitest";
import {
  makeCommand,
  minutesOption,
  onceOption,
  parseCommand,
  timeOption,
} from "../../../src/cli/command/parse-command.ts";

const make = () =>
  makeCommand("copy", "copies", (command) =>
    command.argument("<from>", "").option("--fast", "").option("--verse-by-verse", ""),
  );

test.each([
  { argv: [], says: "The argument <from> is missing." },
  { argv: ["a", "b"], says: "Unexpected argument: b. Put text with spaces in quotes." },
  { argv: ["a", "--fats"], says: "Unknown option: --fats. Did you mean --fast?" },
  { argv: ["a", "--vers"], says: "Unknown option: --vers. Did you mean --verse-by-verse or --version?" },
])("$argv: what is wrong is said in our words", ({ argv, says }) => {
  expect(() => parseCommand(make, argv)).toThrow(says);
});

const say = () =>
  makeCommand("say", "says", (command) =>
    command
      .argument("[message]", "")
      .addOption(onceOption("-t, --task <text>", ""))
      .addOption(timeOption("--timeout <time>", "", 600))
      .addOption(minutesOption("--budget-minutes <time>", "", 60)),
  );

test("a text that begins with a dash is called what it is, and one for a command without texts is no text", () => {
  const hint = "If the message begins with a dash, use --task or put -- before it.";
  expect(() => parseCommand(say, ["- foo"])).toThrow(expect.objectContaining({ hint }));
  expect(() => parseCommand(make, ["a", "-x y"])).toThrow(
    expect.objectContaining({ hint: "If it is not a flag, put -- before it." }),
  );
});

test("of two texts none is dropped without a word", () => {
  expect(() => parseCommand(say, ["-t", "a", "--task=b"])).toThrow("--task came twice: drop one.");
});

test.each([
  { given: "45", minutes: 45 },
  { given: "0", minutes: 0 },
  { given: "2h", minutes: 120 },
  { given: "90s", minutes: 1.5 },
])("where a number alone is minutes, $given is $minutes of them", ({ given, minutes }) => {
  expect(parseCommand(say, ["--budget-minutes", given])).toMatchObject({ options: { budgetMinutes: minutes } });
});

test.each([
  { argv: ["--budget-minutes", "soon"], says: "--budget-minutes soon is not a time: use 60 (minutes), 90s," },
  { argv: ["--timeout", "ten"], says: "--timeout ten is not a time: use 600 (seconds), 90s, 10m, 2h or 7d." },
  { argv: ["--timeout", "99999999999"], says: "--timeout 99999999999 is too long: 31 years (999999999 seconds)" },
  { argv: ["--timeout", "999999w"], says: "--timeout 999999w is too long" },
])("$argv: what is wrong about the time is said", ({ argv, says }) => {
  expect(() => parseCommand(say, argv)).toThrow(says);
});
