import { expect, test } from "vitest";
import type { Validation } from "../../../src/handoff/facts/facts.ts";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { placeIn } from "../../../src/handoff/judge/output-places.ts";
import { repairMessage } from "../../../src/handoff/run/repair-message.ts";
import { changed, contract, facts } from "../../support/samples/handoff.ts";

const failed = (parts: Partial<Validation> = {}): Validation => {
  return { command: "npm test", passed: false, exitCode: 1, durationMs: 5, detail: "", ...parts };
};

test("Codex is told every failure with its place, and what the failing commands printed", () => {
  const found = facts({
    files: [changed("src/a.ts")],
    missingFiles: ["docs/api.md"],
    validation: [
      failed({ command: "npm run lint", passed: true, exitCode: 0, detail: "all is well" }),
      failed({ detail: "src/a.ts:12:5 - error TS2322: ```wrong```" }),
    ],
  });
  expect(repairMessage(judge(contract(), found), found)).toBe(
    `The work was checked from outside after your last turn. This does not hold yet:

1. src/a.ts:12: \`npm test\` exited with code 1, and must exit with 0.
2. docs/api.md: docs/api.md must exist after the work, and does not.

The output of \`npm test\` ended with:

\`\`\`\`
src/a.ts:12:5 - error TS2322: \`\`\`wrong\`\`\`
\`\`\`\`

Fix exactly this, inside of the same scope and limits as before. Keep the checks themselves, tests included, as they are: none may be deleted, skipped or weakened. Do not commit.

Close again with one line: DONE, or BLOCKED: and the reason, or PARTIAL: and what remains.`,
  );
});

test("of a long output the end is told, from a whole line on", () => {
  const detail = Array.from({ length: 2_000 }, (_, at) => `line ${at}`).join("\n");
  const message = repairMessage([], facts({ validation: [failed({ detail })] }));
  expect(message).toContain("```\n…\nline 1");
  expect(message).toContain("line 1999\n```");
  expect(message.length).toBeLessThan(5_000);
});

test.each([
  ["src/a.ts:12:5 - error", "src/a.ts:12"],
  ["src/a.ts(12,5): error TS1", "src/a.ts:12"],
  ["    at run (/srv/app/src/a.ts:7:1)", "src/a.ts:7"],
  ['  File "src/a.ts", line 3, in f', "src/a.ts:3"],
  ["node:internal/x:1:2\nother.ts:5\n❯ src/a.ts:9:1", "src/a.ts:9"],
  ["xsrc/a.ts:12", null],
  ["src/a.ts", null],
  ["", null],
])("the place that %j names is %s", (output, place) => {
  const found = placeIn(output, [changed("src/a.ts")]);
  expect(found && `${found.path}:${found.line}`).toBe(place);
});
