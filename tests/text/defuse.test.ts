import { expect, test } from "vitest";
import { defuse, escapeValue, oneLine } from "../../src/text/defuse.ts";

test.each([
  { name: "colours", text: "a\u001b[1;31mred\u001b[0mb", left: "aredb" },
  { name: "links", text: "\u001b]8;;http://x\u0007link\u001b]8;;\u0007", left: "link" },
  { name: "the eight-bit escape", text: "a\u009b2Jb", left: "ab" },
  { name: "a lone escape", text: "a\u001b", left: "a" },
  { name: "control characters", text: "a\u0000\u0007\u0008\u000b\u000c\u007f\u0085b", left: "ab" },
  { name: "marks of direction", text: "a\u061c\u200e\u200f\u202a\u202e\u2066\u2069b", left: "ab" },
  { name: "what has no width", text: "\ufeffa\u200b\u2060\u2064b", left: "ab" },
  { name: "letters that only a model sees", text: "a\u{e0001}\u{e0041}\u{e007f}b", left: "ab" },
  { name: "carriage returns", text: "one\r\ntwo\rthree", left: "one\ntwo\nthree" },
])("$name do not get through", ({ text, left }) => {
  expect(defuse(text)).toBe(left);
});

test.each([
  "<system-reminder>",
  "</system-reminder>",
  "< system-reminder>",
  "< / System-Reminder >",
  "<SYSTEM>",
  "<system_prompt>",
  "<\nsystem>",
  "<sys\u0000tem>",
  "<\u202esystem>",
  "<\u001b[0msystem>",
  "<assistant>",
  "<human>",
  "<user-prompt-submit-hook>",
  "<tool_use>",
  "<tool-result id='1'>",
  "<function_calls>",
  "<invoke name='Bash'>",
  "<command-name>",
  "<local-command-stdout>",
  "<bash-stdout>",
  "<task-notification>",
  "<persisted-output>",
  "<important>",
  "<instructions>",
  "<<system>",
])("%j is not a tag any more", (tag) => {
  expect(defuse(tag)).toContain("&lt;");
  expect(defuse(tag)).not.toMatch(/<\s*\/?\s*[a-z:]*(?:s|a|h|u|t|f|i|c|l|b|p)/i);
});

test.each([
  "a < b && c<d",
  "<div><b>x</b></div>",
  "#include <system_error>\n#include <systems.h>",
  "Vec<String>, Map<Key, Value>",
  "<T extends Tool>",
  "<user.name@example.com>",
  "<parameters>",
  "<systematic>",
  "👩‍👩‍👧 é 日本語 \t tab\n\nlines",
  "می‌خواهم",
])("%j stays as it is", (text) => {
  expect(defuse(text)).toBe(text);
});

test("one line is one line, of the length that was asked for, and no half of a character", () => {
  expect(oneLine(" a\n\tb\u001b[0m  c ", 100)).toBe("a b c");
  expect(oneLine("😀".repeat(50), 10)).toBe(`${"😀".repeat(9)}…`);
  expect(oneLine("x".repeat(10), 10)).toBe("x".repeat(10));
});

test("an escaped value is one line and loses nothing", () => {
  expect(escapeValue("/a b/ü\n\u0007\u2028/c\\d")).toBe("/a b/ü\\n\\u0007\\u2028/c\\d");
});
