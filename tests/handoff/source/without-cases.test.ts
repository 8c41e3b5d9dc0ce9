import { expect, test } from "vitest";
import { withoutCases } from "../../../src/handoff/source/without-cases.ts";

const isOld = (title: string) => title === "old" || title === "test_old";

test("a case is taken out of a file with all of its code, and nothing else", () => {
  const js =
    'test("one", () => {});\r\ntest("old", async () => {\r\n  await x("(");\r\n});\r\ntest("two", () => {});\r\n';
  expect(withoutCases("a.test.js", js, isOld)).toEqual({
    text: 'test("one", () => {});\n;\ntest("two", () => {});\n',
    left: ["old"],
  });
  expect(withoutCases("a.test.js", js, () => false)).toEqual({ text: js, left: [] });
});

test("in Python something that passes is in its place, below its decorators", () => {
  const py = "class T:\n    @mark\n    def test_old(self):\n        assert 0\n\n    def test_b(self):\n        pass\n";
  const { text = "" } = withoutCases("test_a.py", py, isOld) ?? {};
  expect(text).toMatch(
    /^class T:\n {4}@mark\n {4}def _\(\*_a, \*\*_k\):\n {8}pass\n\s*def test_b\(self\):\n {8}pass\n$/,
  );
});

test("in another language it is not tried", () => {
  const go = "package a\n\nfunc test_old(t *testing.T) {}\nfunc TestOld(t *testing.T) {\n}\n";
  expect(withoutCases("a_test.go", go, (title) => title === "TestOld")).toBeNull();
});
