import { expect, test } from "vitest";
import { formerJudges } from "../../../src/handoff/facts/former-judges.ts";
import { changed, contract } from "../../support/samples/handoff.ts";

test.each([
  ["Delete `lib/old.js`, which nothing requires, with its test `test/old.test.js`.", false],
  ["Remove lib/old.js and its tests.", false],
  ["Update the expectations in test/old.test.js.", false],
  ["In test/old.test.js test the new flag.", true],
  ["In test/old.test.js, rewrite the table.", false],
  ["Remove the flag of lib/old.js and cover that in test/old.test.js.", true],
  ["In lib/old.js remove the flag; cover it in test/old.test.js.", true],
])("a former test judges unless a task gives it up: %s (%s)", (text, judges) => {
  const { handoff } = contract({ tasks: [{ text, line: 1 }] });
  const found = formerJudges(handoff, [changed("test/old.test.js", { kind: "deleted" })], []);
  const path = "test/old.test.js";
  expect(found).toMatchObject(judges ? { paths: [path], excepted: [] } : { paths: [], excepted: [path] });
});
