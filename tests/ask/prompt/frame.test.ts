import { expect, test } from "vitest";
import { answerFrame, frameFor, repairPrompt } from "../../../src/ask/prompt/frame.ts";

const files = [
  { told: "/w/a.ts:12-20", exists: true },
  { told: "/w/b.ts", exists: false },
];
const LIST = "Priority files (read these first before making changes):\n- /w/a.ts:12-20 (exists)\n- /w/b.ts (missing)";

test("a new session is told where the task comes from, then the files", () => {
  expect(frameFor("new", [])?.trim()).not.toBe("");
  expect(frameFor("new", files)).toBe(`${frameFor("new", [])}\n\n${LIST}`);
});

test("a follow-up is told the files, and without any nothing at all", () => {
  expect(frameFor("follow_up", files)).toBe(LIST);
  expect(frameFor("follow_up", [])).toBeNull();
});

test("none of our words names this product", () => {
  const words = [frameFor("new", files), answerFrame(["Which?"]), repairPrompt(["It failed."])].join("\n");
  expect(words).not.toMatch(/ask.?codex|skill|broker/i);
});

test("an answer comes with the questions, a repair with every failure", () => {
  expect(answerFrame(["Which one?", "When?"])).toContain("- Which one?\n- When?");
  expect(repairPrompt(["first", "second"])).toContain("first\n\nsecond");
});
