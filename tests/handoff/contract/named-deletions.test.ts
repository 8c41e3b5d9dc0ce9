import { expect, test } from "vitest";
import { isNamedDeletion, isNamedMove } from "../../../src/handoff/contract/named-deletions.ts";

const lost = (path: string, name: string | null = null) => ({ path, name, line: null });

test.each([
  ["Delete `lib/old.js`, which nothing requires, with its test `test/old.test.js`.", lost("test/old.test.js")],
  ["Delete lib/old.js and its tests.", lost("test/old.test.js")],
  ["Remove the module `shop/legacy.py` together with its tests.", lost("tests/test_legacy.py")],
  ["`test/old.test.js` is deleted.", lost("test/old.test.js")],
  ["In the first step the file test/old.test.js must be removed.", lost("test/old.test.js")],
  ["Drop old.test.js.", lost("test/old.test.js")],
  ["Remove the folder `test/legacy/`.", lost("test/legacy/a.test.js")],
  ["Remove the tests of the old parser from `test/parser.test.js`.", lost("test/parser.test.js", "parses 1.0")],
  ['Remove the test "parses 1.0".', lost("test/parser.test.js", "parses 1.0")],
  ["Rewrite `test/parser.test.js` for the new parser's tests.", lost("test/parser.test.js", "parses 1.0")],
  ["Merge the tests `test_one` and `test_two` into one.", lost("tests/test_a.py", "test_two")],
  ["Lösche `lib/old.js` mit dem Test `test/old.test.js`.", lost("test/old.test.js")],
  ["删除 `lib/old.js` 和测试 `test/old.test.js`。", lost("test/old.test.js")],
])("%s names it", (text, test) => {
  expect(isNamedDeletion(test, [{ text, line: null }])).toBe(true);
});

test.each([
  ["In `test/old.test.js` add a test.", lost("test/old.test.js")],
  ["Delete `lib/old.js`.", lost("test/other.test.js")],
  ["Delete `lib/old.js`.", lost("test/old.test.js")],
  ["Remove the flag from `lib/a.js` and update `test/a.test.js`.", lost("test/a.test.js")],
  [
    "Remove the flag from `lib/a.js` and cover it with tests in `test/a.test.js`.",
    lost("test/a.test.js", "has a flag"),
  ],
  ["Do not delete `test/old.test.js`.", lost("test/old.test.js")],
  ["Delete `lib/old.js` without touching its test `test/old.test.js`.", lost("test/old.test.js")],
  ["Delete `lib/a.js`. In `test/b.test.js` test what is left.", lost("test/b.test.js")],
])("%s does not", (text, test) => {
  expect(isNamedDeletion(test, [{ text, line: null }])).toBe(false);
});

test.each([
  ["Rename the folder lib/arguments/ to lib/options/ and fix the imports.", "lib/arguments/a.js", true],
  ["Move `lib/a.js` to `lib/b/`.", "lib/a.js", true],
  ["`lib/a.js` is renamed.", "lib/a.js", true],
  ["Verschiebe lib/a.js nach lib/b.js.", "lib/a.js", true],
  ["重命名 `lib/a.js`。", "lib/a.js", true],
  ["Do not move `lib/a.js`.", "lib/a.js", false],
  ["Rename the flag in the help, and update `lib/a.js`.", "lib/a.js", false],
  ["Rename lib/b.js to lib/c.js.", "lib/a.js", false],
  ["Delete `lib/a.js`.", "lib/a.js", false],
])("%s moves %s: %s", (text, path, expected) => {
  expect(isNamedMove(path, [{ text, line: null }])).toBe(expected);
});
