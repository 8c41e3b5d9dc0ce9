import { expect, test } from "vitest";
import { closingQuestion } from "../../../src/ask/model/question.ts";

test.each([
  "Shall I go on?",
  "Done.\n\nShall I go on?",
  "Shall I go on? ",
  "Shall I go on?\n\n",
  "**Shall I go on?**",
  "*(Shall I go on?)*",
  "> Shall I go on?",
  "- Shall I go on?`",
  '"Shall I go on?"',
  "“Shall I go on?”",
  "« On continue ? »",
  "続けますか？",
  "「続けますか？」",
  "هل أكمل؟",
  "Shall I go on?)]}",
  "| Shall I go on? |",
  "Really?!?",
  "I did the first part.\n\n**Shall I do the second?**",
  'It is called "x"; or do you prefer "y?"',
  "Done (or is something missing?)",
  "Which of them? `",
  "هل أتابع؟",
])("%j closes with a question", (message) => {
  expect(closingQuestion(message)?.question).toBe(message.trim().split("\n").at(-1)?.trim());
});

test.each([
  "",
  "Done.",
  "Why? Because.",
  "Shall I go on?\n\nI went on.",
  "See `x ? a : b`",
  "What now?!",
  "https://example.com/?q=1",
  "Run it with `--help?x`",
  "Why did it fail? The path was wrong. It is fixed.",
  "What was wrong?\nThe path.",
  "Fixed `is it?()`, all tests pass.",
  "See https://example.com/?q=1",
])("%j closes with none", (message) => {
  expect(closingQuestion(message)).toBeNull();
});
