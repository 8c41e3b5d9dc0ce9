import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { widthOf } from "../../../src/cli/output/width.ts";
import { testAtRandom } from "../../support/trials.ts";

test("each character of the basic plane is as wide as the library says, whether it is asked or not", () => {
  const wrong: string[] = [];
  for (let code = 0; code < 0x1_0000; code += 1) {
    const text = String.fromCharCode(code);
    if (widthOf(text) !== stringWidth(text)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

const parts = fc.constantFrom(
  "a",
  " ",
  "█",
  "░",
  "…",
  "–",
  "✓",
  "\u0301",
  "\ufe0f",
  "\u200d",
  "写",
  "é",
  "👩‍💻",
  "\u001b[31m",
);

testAtRandom(
  "a text is as wide as the library says, whatever it is made of",
  { change: 300, full: 20_000 },
  fc.array(parts, { maxLength: 6 }).map((all) => all.join("")),
  (text) => {
    expect(widthOf(text)).toBe(stringWidth(text));
  },
);
