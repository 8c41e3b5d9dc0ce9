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
])("%j closes with none", (message) => {
  expect(closingQuestion(message)).toBeNull();
});
