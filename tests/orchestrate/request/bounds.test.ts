import { expect, test } from "vitest";
import { type Bounds, beyondBounds } from "../../../src/orchestrate/request/bounds.ts";
import { bounds, request } from "../../support/samples/delegation.ts";

test("without bounds the work tree is in scope, less what decides about agents, servers and hooks", () => {
  const refused = [".claude/settings.json", ".codex/config.toml", ".github/workflows/ci.yml", ".gitlab-ci.yml"];
  const more = [".ask-codex/policy.yaml", ".husky/pre-commit", ".git/hooks/pre-commit", "sub/.git/config", ".github/"];
  for (const path of [...refused, ...more]) expect(said([path])).toContain(`\`${path}\``);
  for (const path of ["src/sum.js", "src/", "**/*.css", ".gitignore", "github/a.js"]) expect(said([path])).toBe("");
});

test("the person may name what is protected, but never git's own files", () => {
  expect(said([".github/workflows/ci.yml"], { scope: [".github/workflows/*.yml", "src/"] })).toBe("");
  expect(said([".github/workflows/ci.yml"], { scope: ["**"] })).toContain("protected");
  expect(said([".git/config"], { scope: [".git/", "**"] })).toContain("never in scope");
});

test("a request may only narrow what the person allows", () => {
  const scope = ["src/**", "docs/*.md"];
  for (const path of ["src/a.js", "src/lib/", "src/**/*.ts", "docs/a.md"]) expect(said([path], { scope })).toBe("");
  for (const path of ["lib/a.js", "docs/sub/a.md", "**", "**/*.ts"])
    expect(said([path], { scope })).toContain("src/**, docs/*.md only");
  expect(said(["src/secret/key.js"], { scope, forbid: ["src/secret/"] })).toContain("the person forbids src/secret/");
});

test("more files than a delegation may have are too many, ranges and braces counted as what they name", () => {
  expect(said(["a.js", "b.js", "c.js", "d.js"])).toContain("name 4 files, and a delegation may have 3 at most");
  expect(said(["{a,b,c,d}.js"])).toContain("name 4 files");
  expect(said(["a.js:1-3", "a.js:9-12", "b.js", "c.js"])).toBe("");
  expect(beyondBounds(request({ type: "bulk", scope: { files: files(30) } }), bounds())).toEqual([]);
  expect(beyondBounds(request({ type: "bulk", scope: { files: files(31) } }), bounds())).toHaveLength(1);
});

test("files that must be made count as files in scope", () => {
  const refusals = beyondBounds(request({ expect_files: [".github/new.yml"] }), bounds());
  expect(refusals[0]?.what).toContain("expect_files has `.github/new.yml`");
});

function files(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `src/${at}.js`);
}

/** What is said against a scope of these; empty: nothing. */
function said(scope: string[], differs: Partial<Bounds> = {}): string {
  return beyondBounds(request({ scope: { files: scope } }), bounds(differs))
    .map(({ what }) => what)
    .join(" ");
}
