import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../src/handoff/document/document.ts";
import { draftFrom } from "../../../src/handoff/document/draft.ts";
import { sectionNamed, withHeadings } from "../../../src/handoff/document/headings.ts";

test.each([
  ["Tasks", "tasks"],
  ["Task list", "tasks"],
  ["2. Tasks", "tasks"],
  ["II) Tasks:", "tasks"],
  ["Tasks (in order)", "tasks"],
  ["**TO DO**", "tasks"],
  ["✅ Acceptance Criteria", "criteria"],
  ["3. Definition of done", "criteria"],
  ["Boundary conditions", "constraints"],
  ["任务", "tasks"],
  ["二、任务清单", "tasks"],
  ["验收标准：", "criteria"],
  ["边界条件", "constraints"],
  ["Aufgaben", "tasks"],
  ["3. Akzeptanzkriterien", "criteria"],
  ["Randbedingungen", "constraints"],
  ["Read order", "read"],
  ["Commit instructions", "commit"],
  ["Steps to reproduce", null],
  ["Why", null],
  ["Tasks and background", null],
])("the heading %j begins %j", (heading, section) => {
  expect(sectionNamed(heading)).toBe(section);
});

test("a policy has headings of its own", async () => {
  const known = withHeadings({ tasks: ["Was zu tun ist"] });
  const { document } = await parseDocument("---\ntask_id: a\n---\n## 1. Was zu tun ist\n\n- In `a.ts` mehr.\n", known);
  expect(document?.handoff.tasks).toEqual([{ text: "In `a.ts` mehr.", line: 6 }]);
});

describe("tasks may be", () => {
  const two = ["In `a.ts` add it.", "In `b.ts` test it."];
  test.each([
    { what: "points", body: "- In `a.ts` add it.\n- In `b.ts` test it.\n", tasks: two },
    { what: "boxes to tick", body: "- [ ] In `a.ts` add it.\n- [x] In `b.ts` test it.\n", tasks: two },
    {
      what: "numbers with points below",
      body: "1. In `a.ts` add it.\n   - with care\n2. In `b.ts` test it.\n",
      tasks: ["In `a.ts` add it.\n- with care", "In `b.ts` test it."],
    },
    {
      what: "headings with numbers",
      body: "### 1. Check\n\nIn `a.ts` add it:\n\n```ts\n# no heading\n```\n\n- with care\n\n### 2. Tests\n\nIn `b.ts` test it.\n",
      tasks: ["Check\n\nIn `a.ts` add it:\n\n```ts\n# no heading\n```\n\n- with care", "Tests\n\nIn `b.ts` test it."],
    },
    {
      what: "headings without",
      body: "### Check\n\nIn `a.ts` add it.\n\n### Tests\n\nIn `b.ts` test it.\n",
      tasks: ["Check\n\nIn `a.ts` add it.", "Tests\n\nIn `b.ts` test it."],
    },
    {
      what: "in groups",
      body: "### Backend\n\n1. In `a.ts` add it.\n\n### Tests\n\n2. In `b.ts` test it.\n",
      tasks: two,
    },
  ])("$what", async ({ body, tasks }) => {
    const { document } = await parseDocument(
      `---\ntask_id: a\n---\n## Tasks\n\n${body}\n## Acceptance criteria\n\n1. It works.\n`,
    );
    expect(document?.handoff.tasks.map(({ text }) => text)).toEqual(tasks);
    expect(document?.handoff.criteria.map(({ text }) => text)).toEqual(["It works."]);
  });
});

test("constraints may stand below a heading", async () => {
  const { document } = await parseDocument(
    "---\ntask_id: a\nconstraints: [One.]\n---\n## Boundary conditions\n\n- Two.\n",
  );
  expect(document?.handoff.constraints).toEqual(["One.", "Two."]);
});

test("a plan without front matter is drafted from its own sections", () => {
  const plan = `# CODEX-AUTH

## Read order
1. src/auth.ts
2. src/user.ts

## Tasks
1. In src/auth.ts add \`verifyJwt(token: string): User | null\`.
2. In tests/auth.test.ts cover expiry.

## Constraints
- Do not change src/user.ts
- docs/api.md
- Keep it short.

## Success criteria
- npm test passes
- \`npm run lint\` succeeds

## Commit instructions
feat: jwt. Do not push.
`;
  expect(draftFrom(plan, "CODEX-AUTH.md")).toMatchObject({
    taskId: "auth-001",
    read: ["src/auth.ts", "src/user.ts"],
    scope: { files: ["src/auth.ts", "tests/auth.test.ts"], forbid: ["src/user.ts", "docs/api.md"] },
    constraints: ["Do not change src/user.ts", "Keep it short."],
    validation: ["npm test", "npm run lint"],
    commit: "feat: jwt",
    notes: "",
  });
  expect(draftFrom("# Notes\n\nNothing to do.\n", "a.md")).toBeNull();
});
