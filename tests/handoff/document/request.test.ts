import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../src/handoff/document/document.ts";
import { toMarkdown, toRequest } from "../../../src/handoff/document/write.ts";

/** As one agent writes it for another. */
const REQUEST = `{
  "task_id": "auth-001",
  "type": "implementation",
  "scope": {
    "files": [
      "backend/src/auth.ts"
    ],
    "lines": [
      45,
      89
    ]
  },
  "requirements": [
    "Add JWT validation",
    "Return 401 for invalid tokens",
    "Log authentication failures"
  ],
  "constraints": [
    "Don't modify the User type",
    "Maintain backward compatibility"
  ],
  "validation": [
    "npm test auth.spec.ts",
    "npm run typecheck"
  ]
}
`;

async function documentOf(text: string) {
  const { document } = await parseDocument(text);
  if (document === null) throw new Error("it was to be read");
  return document;
}

describe("a task request", () => {
  test("says tasks by its requirements, and criteria by its validation", async () => {
    const { handoff, form } = await documentOf(REQUEST);
    expect(form).toBe("json");
    expect(handoff).toMatchObject({
      taskId: "auth-001",
      scope: { files: ["backend/src/auth.ts:45-89"], forbid: [] },
      tasks: [
        { text: "Add JWT validation", line: 14 },
        { text: "Return 401 for invalid tokens", line: 15 },
        { text: "Log authentication failures", line: 16 },
      ],
      criteria: [
        { text: "`npm test auth.spec.ts` succeeds", line: null },
        { text: "`npm run typecheck` succeeds", line: null },
      ],
      validation: ["npm test auth.spec.ts", "npm run typecheck"],
    });
  });

  test("tells the line of every field and item, however it is laid out", async () => {
    const { lines } = await documentOf(
      '{"task_id"\n:"a", "scope": {"files": ["x",\n"y"],\n"forbid": ["{\\"z"]}, "requirements":\n ["b"]}',
    );
    expect(Object.fromEntries(lines)).toMatchObject({
      "scope.files[0]": 2,
      "scope.files[1]": 3,
      "scope.forbid": 4,
      "scope.forbid[0]": 4,
      "requirements[0]": 5,
      tasks: 4,
    });
  });

  test("is the same after a way through markdown", async () => {
    const { handoff } = await documentOf(toMarkdown((await documentOf(REQUEST)).handoff));
    expect(toRequest(handoff)).toBe(REQUEST);
  });

  test("may have every field that markdown has", async () => {
    const more = { read: ["a.md"], commit: "Do it", success_criteria: ["It works"], title: "T", notes: "Why" };
    const { handoff } = await documentOf(JSON.stringify({ ...JSON.parse(REQUEST), ...more }));
    expect(handoff).toMatchObject({ read: ["a.md"], commit: "Do it", title: "T", notes: "Why" });
    expect(handoff.criteria.map(({ text }) => text)).toEqual(["It works"]);
  });

  test.each([
    { what: "broken JSON", text: '{"task_id": "a",\n "read": }', line: 2, names: "not JSON" },
    { what: "JSON that ends too early", text: '{"task_id": "a",\n "read": [', line: 2, names: "not JSON" },
    { what: "an unknown key", text: '{"task_id": "a",\n "files": []}', line: 2, names: "files is not known" },
    {
      what: "a wrong type",
      text: '{"task_id": "a",\n "requirements": [3]}',
      line: 2,
      names: "requirements[0] is not text",
    },
    {
      what: "lines of two files",
      text: '{"task_id": "a",\n "scope": {"files": ["a", "b"],\n "lines": [1, 2]}}',
      line: 3,
      names: "scope.lines",
    },
    {
      what: "one line only",
      text: '{"task_id": "a",\n "scope": {"files": ["a"],\n "lines": [1]}}',
      line: 3,
      names: "scope.lines",
    },
    {
      what: "tasks in its notes",
      text: '{"task_id": "a",\n "notes": "## Tasks\\n\\n1. x"}',
      line: 2,
      names: "notes has tasks",
    },
    { what: "a section's name as its title", text: '{"task_id": "a",\n "title": "Tasks"}', line: 2, names: "title" },
  ])("with $what is refused, with the line", async ({ text, line, names }) => {
    const parsed = await parseDocument(text);
    expect(parsed).toMatchObject({ document: null, gaps: [{ line, what: expect.stringContaining(names) }] });
  });
});
