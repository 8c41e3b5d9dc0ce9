import { expect, test } from "vitest";
import { saysNothingElse, vaguePhrases } from "../../../src/handoff/check/vague-phrases.ts";
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
  { text: "Add `cleanup()` that runs the clean up of expired sessions.", found: [] },
  { text: "Let the “Clean up” button call `cleanup`.", found: [] },
  { text: 'The "clean up" step is run once a day.', found: [] },
  { text: "A nightly clean up removes them.", found: [] },
  { text: "The clean up job is slow.", found: [] },
  { text: "Then clean up the job.", found: ["clean up"] },
  { text: "Unclean upper cases, cleanup().", found: [] },
])("$text: $found", ({ text, found }) => {
  expect(vaguePhrases(text, DEFAULT_POLICY.forbiddenPhrases).map(({ phrase }) => phrase)).toEqual(found);
});

test("a phrase is taken by the letter", () => {
  expect(vaguePhrases("What (if any)? And a+b, as-is/so.", ["(if any)", "a+b", "what (", "as-is/so"])).toHaveLength(4);
});

test.each([
  ["Clean up.", true],
  ["In `src/auth.ts`, clean up the code.", true],
  ["In src/auth.ts improve the code, and make it better.", true],
  ["Fix everything where appropriate.", true],
  ["Clean up the module as needed.", true],
  ["In `src/auth.ts`, clean up expired sessions.", false],
  ["Call `cleanup()` as needed.", false],
  ["Retry as needed, three times at most.", false],
  ["Return null for an expired token.", false],
])("%s says nothing that could be done: %s", (text, open) => {
  expect(saysNothingElse(text, DEFAULT_POLICY.forbiddenPhrases)).toBe(open);
});
