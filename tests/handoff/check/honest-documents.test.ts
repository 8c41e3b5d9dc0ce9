import { expect, test } from "vitest";
import { gapsIn } from "../../../src/handoff/check/document.ts";
import { DEFAULT_POLICY } from "../../../src/handoff/contract/policy.ts";
import { parseDocument } from "../../../src/handoff/document/document.ts";
import { draftFrom } from "../../../src/handoff/document/draft.ts";
import type { Guardrails } from "../../../src/handoff/document/handoff.ts";
import { toMarkdown } from "../../../src/handoff/document/write.ts";
import { contract } from "../../support/samples/handoff.ts";

const FILES = ["src/auth.ts", "src/user.ts", "tests/auth.test.ts", "package.json", "README.md"];

async function gapsOf(text: string) {
  const parsed = await parseDocument(text);
  if (parsed.document === null) return parsed.gaps;
  const { document } = parsed;
  const guardrails = { ...contract().guardrails, maxFiles: 20, ...document.handoff.guardrails } as Guardrails;
  return gapsIn(document, { policy: DEFAULT_POLICY, guardrails, files: FILES, words: 300, commandFaults: new Map() });
}

interface Written {
  readonly scope?: string;
  readonly tasks?: string;
  readonly criteria?: string;
}

function written({
  scope = "  files: [src/auth.ts, tests/auth.test.ts]",
  tasks = "## Tasks\n\n1. In `src/auth.ts` refuse expired tokens.",
  criteria = "## Success criteria\n\n- They are refused.",
}: Written): string {
  return `---\ntask_id: auth-1\nscope:\n${scope}\nvalidation: [npm test]\n---\n# Auth\n\n${tasks}\n\n${criteria}\n`;
}

test.each([
  ["the plain one", written({})],
  ["a folder with a file left out", written({ scope: "  files: [src/]\n  forbid: [src/user.ts]" })],
  ["folders with the usual guard", written({ scope: '  files: [src/, tests/]\n  forbid: ["**/.env*"]' })],
  ["tasks as points", written({ tasks: "## Tasks\n\n- In `src/auth.ts` refuse expired tokens." })],
  ["tasks as boxes", written({ tasks: "## Tasks\n\n- [ ] In `src/auth.ts` refuse expired tokens." })],
  ["tasks as headings", written({ tasks: "## Tasks\n\n### 1. Check\n\nIn `src/auth.ts` refuse expired tokens." })],
  ["numbered headings", written({ tasks: "## 2. Tasks (in order)\n\n1. In `src/auth.ts` refuse expired tokens." })],
  [
    "a task list and boundaries",
    written({
      tasks: "## Task list\n\n1. In src/auth.ts return 401.\n\n## Boundary conditions\n\n- src/user.ts stays.",
    }),
  ],
  ["acceptance criteria", written({ criteria: "## Acceptance Criteria\n\n- Expired tokens are refused." })],
  [
    "Chinese",
    written({
      tasks: "## 任务\n\n1. 在 `src/auth.ts` 中增加过期检查。",
      criteria: "## 验收标准\n\n- 过期的令牌返回 null。",
    }),
  ],
  [
    "German",
    written({
      tasks: "## Aufgaben\n\n1. In `src/auth.ts` abgelaufene Token ablehnen.",
      criteria: "## Akzeptanzkriterien\n\n- Sie werden abgelehnt.",
    }),
  ],
  ["a bare file name", written({ scope: "  files: [src/]", tasks: "## Tasks\n\n1. In auth.ts add a check." })],
  [
    "a task that goes on from the last",
    written({
      tasks: "## Tasks\n\n1. In `src/auth.ts` add `verify`.\n2. Make it return null when the token has expired.",
    }),
  ],
  [
    "words that look vague",
    written({
      tasks:
        '## Tasks\n\n1. In `src/auth.ts` add `cleanup()` that runs the clean up of expired sessions.\n2. In `src/auth.ts` make the "Clean up" button call it; retry as needed, three times at most.',
    }),
  ],
  [
    "a request",
    JSON.stringify({
      task_id: "auth-001",
      type: "implementation",
      scope: { files: ["src/auth.ts"], lines: [45, 89] },
      requirements: ["Return 401 for invalid tokens"],
      validation: ["npm test"],
      constraints: ["Don't modify the User type"],
    }),
  ],
  ["carriage returns", written({}).replaceAll("\n", "\r\n")],
])("an honest document is ready: %s", async (_, text) => {
  expect(await gapsOf(text)).toEqual([]);
});

test("a plan without front matter is ready once it is converted", async () => {
  const plan = [
    "# CODEX-AUTH",
    "## Read order\n1. src/auth.ts\n2. src/user.ts",
    "## Tasks\n1. In src/auth.ts add `verifyJwt(token: string): User | null`.\n2. In tests/auth.test.ts cover expiry.",
    "## Constraints\n- Do not change src/user.ts",
    "## Success criteria\n- npm test passes",
    "## Commit instructions\nfeat: jwt. Do not push.",
  ].join("\n\n");
  const draft = draftFrom(plan, "CODEX-AUTH.md");
  if (draft === null) throw new Error("it was to be drafted");
  expect(await gapsOf(toMarkdown(draft))).toEqual([]);
});
