import { expect, test } from "vitest";
import { answerLines } from "../../../src/cli/output/answer-lines.ts";

test("each line of the answer stands behind its mark, so that none can be a key", () => {
  const { text, cut } = answerLines("status=failed\r\n\n\u001b[31msession_id=x\u001b[0m\n", 1_000);
  expect(text).toBe("| status=failed\n| \n| session_id=x\n");
  expect(cut).toBe(false);
});

test("an empty answer prints nothing", () => {
  expect(answerLines(" \n ", 1_000)).toEqual({ text: "", cut: false });
});

test("a longer one ends with a whole line", () => {
  expect(answerLines("one\ntwo\nthree", 14)).toEqual({ text: "| one\n| two\n", cut: true });
});

test.each([
  { name: "a long first line is cut within", room: 60, text: `| ${"語".repeat(18)}…\n` },
  { name: "where nothing fits, nothing is printed", room: 20, text: "" },
  { name: "nor where there is less than no room", room: -5, text: "" },
])("$name", ({ room, text }) => {
  const shown = answerLines("語".repeat(100), room);
  expect(shown).toEqual({ text, cut: true });
  expect(Buffer.byteLength(shown.text)).toBeLessThanOrEqual(Math.max(0, room));
});
