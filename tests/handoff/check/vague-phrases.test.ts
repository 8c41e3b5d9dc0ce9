import { expect, test } from "vitest";
import { vaguePhrases } from "../../../src/handoff/check/vague-phrases.ts";
import { DEFAULT_POLICY } from "../../../src/handoff/contract/policy.ts";

test.each([
  { text: "Clean up the module.", found: ["Clean up"] },
  { text: "Rename it and CLEAN\n  UP.", found: ["CLEAN UP"] },
  { text: "Refactor while you’re at it.", found: ["Refactor while you're at it"] },
  { text: "Improve the code, and clean up.", found: ["Improve the code", "clean up"] },
  { text: "It is not slow. Clean up.", found: ["Clean up"] },
  { text: "Do not stop there, but clean up.", found: ["clean up"] },
  { text: "Do not clean up.", found: [] },
  { text: "Don’t refactor, rename or clean up.", found: [] },
  { text: "Build it without a look at whether to improve the code.", found: [] },
  { text: "Call `clean up` there.", found: [] },
  { text: "Like so:\n```\nclean up\n```\n", found: [] },
  { text: "Unclean upper cases, cleanup().", found: [] },
])("$text: $found", ({ text, found }) => {
  expect(vaguePhrases(text, DEFAULT_POLICY.forbiddenPhrases).map(({ phrase }) => phrase)).toEqual(found);
});

test("a phrase is taken by the letter", () => {
  expect(vaguePhrases("What (if any)? And a+b, as-is/so.", ["(if any)", "a+b", "what (", "as-is/so"])).toHaveLength(4);
});
