import { expect, test } from "vitest";
import type { Guardrails, Handoff } from "../../../src/handoff/document/handoff.ts";
import type { ChangedFile, Facts } from "../../../src/handoff/facts/facts.ts";
import { RULES } from "../../../src/handoff/judge/finding.ts";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { changed, contract, facts } from "../../support/samples/handoff.ts";

interface Case {
  readonly name: string;
  readonly handoff?: Partial<Handoff>;
  readonly guardrails?: Partial<Guardrails>;
  readonly found: Partial<Facts>;
  /** `rule path:line` */
  readonly findings: readonly string[];
}

const scope = (files: string[], forbid: string[] = []) => ({ scope: { files, forbid } });
const files = (...changes: ChangedFile[]) => ({ files: changes });

const CASES: readonly Case[] = [
  { name: "nothing was changed", found: {}, findings: [] },
  { name: "a file in scope", found: files(changed("src/deep/a.ts")), findings: [] },
  { name: "a file out of scope", found: files(changed("lib/a.ts")), findings: ["scope lib/a.ts:1"] },
  {
    name: "a new, a deleted and another kind of file out of scope",
    found: files(
      changed("a", { kind: "added" }),
      changed("b", { kind: "deleted", hunks: [] }),
      changed("c", { kind: "type" }),
    ),
    findings: ["scope a:1", "scope b", "scope c:1"],
  },
  {
    name: "a mode out of scope",
    found: files(changed("run.sh", { kind: "mode", hunks: [] })),
    findings: ["scope run.sh"],
  },
  {
    name: "a file that was renamed into the scope was taken from outside",
    found: files(changed("src/a.ts", { kind: "renamed", from: "lib/a.ts" })),
    findings: ["scope lib/a.ts:1"],
  },
  {
    name: "a file that was renamed out of the scope",
    found: files(changed("lib/a.ts", { kind: "renamed", from: "src/a.ts" })),
    findings: ["scope lib/a.ts:1"],
  },
  {
    name: "forbidden counts before allowed, and once",
    handoff: scope(["src/**"], ["src/gen/**", "*.lock"]),
    found: files(
      changed("src/gen/a.ts"),
      changed("x.lock"),
      changed("src/b.ts", { kind: "renamed", from: "src/gen/b.ts" }),
    ),
    findings: ["forbidden src/gen/a.ts:1", "forbidden x.lock:1", "forbidden src/gen/b.ts:1"],
  },
  {
    name: "an ignored file counts when it is forbidden, and for nothing else",
    handoff: scope(["src/**"], [".env"]),
    guardrails: { maxFiles: 0 },
    found: files(changed(".env", { ignored: true })),
    findings: ["forbidden .env:1"],
  },
  {
    name: "of a file only lines are forbidden: others may be changed, it may not be deleted",
    handoff: scope(["src/**"], ["src/*.ts:45-89"]),
    found: files(
      changed("src/a.ts"),
      changed("src/b.ts", { hunks: [{ before: { start: 89, count: 2 }, after: { start: 91, count: 0 } }] }),
      changed("src/c.ts", {
        kind: "deleted",
        hunks: [{ before: { start: 1, count: 99 }, after: { start: 0, count: 0 } }],
      }),
      changed("src/d.ts", { kind: "mode", hunks: [] }),
      changed("src/e.ts", { before: null, after: null, hunks: [] }),
    ),
    findings: ["forbidden src/b.ts:91", "forbidden src/c.ts", "forbidden src/e.ts"],
  },
  {
    name: "an ignored file of which other lines are forbidden",
    handoff: scope(["src/**"], [".env:5-6"]),
    found: files(changed(".env", { ignored: true })),
    findings: [],
  },
  {
    name: "expected files and the changes document are in scope by themselves",
    handoff: { expectFiles: ["docs/api.md"], changesDoc: "CHANGES.md" },
    found: { ...files(changed("docs/api.md"), changed("CHANGES.md")), changesDoc: "docs/api.md" },
    findings: [],
  },
  { name: "the document itself has its own rule", found: files(changed("CODEX-AUTH.md")), findings: [] },
  {
    name: "what had to stay was changed while validation ran; a file that nothing is said of was not to stay",
    handoff: scope(["src/**"], ["lib/secret.txt", "lib/part.txt:5-9"]),
    found: {
      disturbances: [
        {
          command: "npm test",
          sealed: ["the git configuration"],
          headMoved: null,
          refsMoved: [{ ref: "refs/tags/evil", from: null, to: "0" }],
          files: [changed("lib/secret.txt"), changed("lib/part.txt"), changed("other.txt")],
        },
      ],
    },
    findings: ["while_validating the git configuration", "while_validating lib/secret.txt", "while_validating"],
  },
  {
    name: "the tests from before the work do not accept it",
    found: {
      former: {
        ...{ paths: ["tests/a.test.js"], configuration: [], excepted: [], unable: null },
        failed: [{ command: "npm test", passed: false, exitCode: 1, durationMs: 1, detail: "not ok" }],
      },
    },
    findings: ["former_tests tests/a.test.js"],
  },
  {
    name: "what decides the verdict accepts the work no longer as it was",
    found: {
      former: {
        ...{ paths: ["package.json"], configuration: ["package.json"], excepted: [], unable: null },
        failed: [{ command: "npm test", passed: false, exitCode: 1, durationMs: 1, detail: "not ok" }],
      },
    },
    findings: ["validation_changed package.json"],
  },
  {
    name: "what decides the verdict was changed out of scope, or where git does not look",
    found: { ...files(changed("Makefile")), runnersChanged: ["node_modules/.bin/mytest"] },
    findings: ["scope Makefile:1", "validation_changed Makefile", "validation_changed node_modules/.bin/mytest"],
  },
  {
    name: "sealed files are told once",
    found: {
      ...files(changed(".ask-codex/policy.yaml")),
      sealChanged: [".ask-codex/policy.yaml", "the git configuration"],
    },
    findings: ["sealed .ask-codex/policy.yaml", "sealed the git configuration"],
  },
  {
    name: "HEAD and refs",
    found: { headMoved: "a (main) to b (main)", refsMoved: [{ ref: "refs/heads/main", from: "a", to: "b" }] },
    findings: ["refs", "refs"],
  },
  {
    name: "lines in the range, at its borders, and outside",
    handoff: scope(["src/a.ts:45-89"]),
    found: files(
      changed("src/a.ts", {
        hunks: [
          { before: { start: 44, count: 0 }, after: { start: 45, count: 2 } },
          { before: { start: 60, count: 1 }, after: { start: 62, count: 1 } },
          { before: { start: 90, count: 2 }, after: { start: 92, count: 1 } },
        ],
      }),
    ),
    findings: ["lines src/a.ts:92"],
  },
  {
    name: "a range beside a pattern for all of the file",
    handoff: scope(["src/a.ts:45-89", "src/**"]),
    found: files(changed("src/a.ts")),
    findings: [],
  },
  {
    name: "a deleted file of which only lines were in scope",
    handoff: scope(["src/a.ts:2-3"]),
    found: files(
      changed("src/a.ts", {
        kind: "deleted",
        after: null,
        hunks: [{ before: { start: 1, count: 9 }, after: { start: 0, count: 0 } }],
      }),
    ),
    findings: ["lines src/a.ts:1"],
  },
  {
    name: "a file that is not text, of which only lines were in scope",
    handoff: scope(["src/a.bin:2-3"]),
    found: files(changed("src/a.bin", { before: null, after: null, hunks: [], added: null, removed: null })),
    findings: ["lines src/a.bin"],
  },
  {
    name: "more files than allowed; a renamed one is one, the changes document and ignored files are none",
    handoff: { changesDoc: "C.md" },
    guardrails: { maxFiles: 2 },
    found: {
      ...files(
        changed("src/1"),
        changed("src/2", { kind: "renamed", from: "src/0" }),
        changed("C.md"),
        changed("src/3"),
      ),
      changesDoc: "src/1 src/2 src/3",
    },
    findings: ["max_files"],
  },
  {
    name: "as many files as allowed",
    handoff: { changesDoc: "C.md" },
    guardrails: { maxFiles: 2 },
    found: { ...files(changed("src/1"), changed("src/2"), changed("C.md")), changesDoc: "src/1 src/2" },
    findings: [],
  },
  {
    name: "more lines than allowed",
    guardrails: { maxLines: 10 },
    found: files(changed("src/1", { added: 6, removed: 3 }), changed("src/2", { added: null, removed: 2 })),
    findings: ["max_lines"],
  },
  {
    name: "as many lines as allowed",
    guardrails: { maxLines: 10 },
    found: files(changed("src/1", { added: 6, removed: 4 })),
    findings: [],
  },
  {
    name: "a new dependency, where it stands",
    handoff: scope(["package.json"]),
    found: files(
      changed("package.json", { before: '{"dependencies":{}}', after: '{\n"dependencies": {\n"left-pad": "1" } }' }),
    ),
    findings: ["dependencies package.json:3"],
  },
  {
    name: "a dependency that is allowed by name, and one that is not",
    handoff: scope(["package.json"]),
    guardrails: { allowDependencies: ["zod"] },
    found: files(changed("package.json", { before: "{}", after: '{"dependencies":{"zod":"4","left-pad":"1"}}' })),
    findings: ["dependencies package.json:1"],
  },
  {
    name: "dependencies that are allowed",
    handoff: scope(["package.json"]),
    guardrails: { allowDependencies: true },
    found: files(changed("package.json", { before: "{}", after: '{"dependencies":{"left-pad":"1"}}' })),
    findings: [],
  },
  {
    name: "tests that are gone, and skipped ones",
    found: files(
      changed("tests/a.test.ts", { kind: "deleted", after: null }),
      changed("tests/b.test.ts", { before: 'it("one", f);\nit("two", f);', after: 'it("one", f);' }),
      changed("tests/c.test.ts", { before: 'it("one", f);', after: '\nit.skip("one", f);' }),
    ),
    findings: ["deleted_tests tests/a.test.ts", "deleted_tests tests/b.test.ts", "skipped_tests tests/c.test.ts:2"],
  },
  {
    name: "tests that may be deleted",
    guardrails: { forbidDeletedTests: false },
    found: files(changed("tests/a.test.ts", { kind: "deleted", after: null })),
    findings: [],
  },
  {
    name: "an interface that was changed, one that is gone, one that stayed and one that never was",
    handoff: { interfaces: ["src/a.ts#load", "src/a.ts#gone", "src/a.ts#stays", "src/a.ts#never", "no interface"] },
    found: {
      interfaceFiles: new Map([
        [
          "src/a.ts",
          {
            before: "export function load(a: string) {}\nexport const gone = 1;\nexport class stays {}",
            after: "export class stays { }\n// gone\nexport function load(a: number) {}",
          },
        ],
      ]),
    },
    findings: ["interfaces src/a.ts:3", "interfaces src/a.ts"],
  },
  {
    name: "a signature that is to be kept, and one that is to be written",
    handoff: {
      interfaces: [
        "src/a.ts: export function kept(): void",
        "src/a.ts: export function wanted(a: string): User",
        "src/a.ts: type Here = 1",
      ],
    },
    found: {
      interfaceFiles: new Map([
        ["src/a.ts", { before: "export function kept() : void {}", after: "type  Here =\n 1;" }],
      ]),
    },
    findings: ["interfaces src/a.ts", "signatures src/a.ts"],
  },
  {
    name: "validation that failed, at the place that its output names",
    found: {
      ...files(changed("src/a.ts")),
      validation: [
        { command: "true", passed: true, exitCode: 0, durationMs: 1, detail: "" },
        {
          command: "npm test",
          passed: false,
          exitCode: 1,
          durationMs: 1,
          detail: "at node:internal:1\n/w/src/a.ts:12:3 failed",
        },
        { command: "sleep", passed: false, exitCode: null, durationMs: 1, detail: "" },
      ],
    },
    findings: ["validation src/a.ts:12", "validation"],
  },
  {
    name: "files that are missing",
    found: { missingFiles: ["a", "b"] },
    findings: ["expect_files a", "expect_files b"],
  },
  {
    name: "no changes document",
    handoff: { changesDoc: "C.md" },
    found: files(changed("src/a.ts")),
    findings: ["changes_doc C.md"],
  },
  {
    name: "a changes document that does not name every file",
    handoff: { changesDoc: "C.md" },
    found: {
      ...files(
        changed("src/a.ts"),
        changed("src/b_c.ts"),
        changed("src/d.ts"),
        changed("src/e.ts", { kind: "deleted" }),
      ),
      changesDoc: "- `src/a.ts`: x\n- ./src/b\\_c.ts: y\nsrc/d.tsx and lib/src/e.ts, x.src/e.ts",
    },
    findings: ["changes_doc C.md", "changes_doc C.md"],
  },
  {
    name: "tests that were asked for",
    guardrails: { requireTests: true },
    found: files(changed("src/a.ts"), changed("tests/b.test.ts", { kind: "deleted", before: null, after: null })),
    findings: ["deleted_tests tests/b.test.ts", "require_tests"],
  },
  {
    name: "tests that were asked for and are there",
    guardrails: { requireTests: true },
    found: files(changed("src/a.ts"), changed("tests/b.test.ts", { kind: "added", before: null })),
    findings: [],
  },
];

test.each(CASES)("$name", ({ handoff, guardrails, found, findings }) => {
  const judged = judge(contract(handoff, guardrails), facts(found));
  const told = judged.map(
    ({ rule, path, line }) => `${rule}${path === null ? "" : ` ${path}`}${line === null ? "" : `:${line}`}`,
  );
  expect(told).toEqual(findings);
  for (const { message } of judged) expect(message).toMatch(/^\S[^\n]*\.$/);
});

test("every rule has a case", () => {
  const seen = new Set(CASES.flatMap(({ findings }) => findings.map((finding) => finding.split(" ")[0])));
  expect(Object.keys(RULES).filter((rule) => !seen.has(rule))).toEqual([]);
});

test("everything at once is told in a fixed order, violations first", () => {
  const all = judge(
    contract(
      { ...scope(["src/**", "src/l.ts:5-6"].slice(1), [".env"]), changesDoc: "C.md" },
      { maxFiles: 0, maxLines: 0, requireTests: true },
    ),
    facts({
      files: [changed("src/l.ts"), changed("z.ts"), changed(".env", { ignored: true })],
      headMoved: "a to b",
      sealChanged: ["the git configuration"],
      missingFiles: ["m"],
    }),
  );
  expect(all.map(({ rule }) => rule)).toEqual([
    "forbidden",
    "scope",
    "lines",
    "sealed",
    "refs",
    "max_files",
    "max_lines",
    "expect_files",
    "changes_doc",
    "require_tests",
  ]);
  const [first] = all;
  expect(first?.message).toBe(".env was changed, and scope.forbid names it (.env); it had to be left alone.");
});
