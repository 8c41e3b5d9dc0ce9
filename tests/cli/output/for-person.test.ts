import { expect, test } from "vitest";
import { forPerson } from "../../../src/cli/output/for-person.ts";
import { lightMarkdown } from "../../../src/cli/output/light-markdown.ts";
import { paintFor } from "../../../src/cli/output/paint.ts";
import { outcome } from "../../support/samples/outcome.ts";

const plain = paintFor(false);
const named = (look: string, text: string) => `<${look}>${text}</>`;

test("a person sees the answer first, then the changed files and checks, and at the end commands that go on", () => {
  const check = { type: "verify_command" as const, subject: "npm test", exitCode: 1, durationMs: 5, detail: "" };
  const file = { path: "src/a.ts", kind: "changed" as const, added: 2, removed: 1 };
  const changes = {
    ...{ type: "listed" as const, root: "/w", alsoRunning: [], trees: { before: "", after: "" }, headMoved: null },
    ...{ refsMoved: [], deletedTests: [], dirtyBefore: [], files: [file] },
  };
  const sessionId = "01a22346-cc36-77b2-b1a3-15a01cec98be";
  const parts = {
    answer: "It \u001b[31mworks.",
    sessionId,
    changes,
    checks: [
      { ...check, passed: true },
      { ...check, passed: false },
    ],
  };
  const text = forPerson(outcome(parts), { answer: true, more: [["verdict", "done"]], paint: plain });
  expect(text).toBe(`
It works.

✓ completed after 1.2 s, 1 file changed
  src/a.ts  +2 −1
  ✓ verify_command npm test
  ✗ FAILED with exit code 1: verify_command npm test
  verdict: done

report   ask_codex report 20260102-030405-678
go on    ask_codex --session 01a22346-cc36 "…"
in Codex codex resume ${sessionId}
`);
  expect(forPerson(outcome(parts), { answer: false, more: [], paint: plain })).not.toContain("It works.");
});

test("Markdown is rendered lightly, code is left alone, and without colours its marks stay", () => {
  const text = "# A `title`\nUse **bold** and `code`, 2 * 3 ** 4.\n```sh\n# not a heading **here**\n```\nend";
  expect(lightMarkdown(text, plain)).toBe(text);
  expect(lightMarkdown(text, named)).toBe(
    "<bold>A `title`</>\nUse <bold>bold</> and <cyan>code</>, 2 * 3 ** 4.\n<dim>```sh</>\n# not a heading **here**\n<dim>```</>\nend",
  );
});
