import { expect, test } from "vitest";
import { searchedFile } from "../../../src/review/finding/anchor.ts";
import { placeFinding } from "../../../src/review/finding/place-finding.ts";
import { wholeHunk } from "../../../src/workspace/git/hunks.ts";
import { finding } from "../../support/reviews.ts";

const BEFORE = "const one = 1;\nconst gone = 2;\nconst last = 3;\n";
const NOW = "const one = 1;\nconst fresh = 2;\nconst last = 3;\n";
const versions = { path: "a.ts", now: NOW, before: BEFORE, hunks: [wholeHunk(BEFORE, NOW)] };
const file = { ...searchedFile(versions), texts: { new: NOW, old: BEFORE } };

test.each([
  { name: "an added line", code: "const fresh = 2;", inChange: true },
  { name: "a removed line", code: "const gone = 2;", inChange: true },
  { name: "an added line with its neighbour", code: "const one = 1;\nconst fresh = 2;", inChange: true },
  { name: "a line that was there", code: "const last = 3;", inChange: false },
  { name: "a line that is nowhere", code: "const none = 4;", inChange: false },
])("$name is in the change: $inChange", ({ code, inChange }) => {
  expect(placeFinding(finding("a.ts", code), "codex", () => file)).toMatchObject({ inChange });
});
