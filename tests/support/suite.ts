import { describe } from "vitest";
import { SUITE } from "./setup/suites.ts";
import { CLAUDE_NEWEST, CLAUDE_VERSIONS, NEWEST, VERSIONS } from "./versions.ts";

/**
 * How much a test needs to hold with every change: `main` for the main job, resume, failure and question, on every supported version;
 * `rest` on the newest, and on the others in `npm run test:matrix`; `further` there alone, on every one.
 */
export type Job = "main" | "rest" | "further";

/** The tests that are to hold with more than one Codex. The title names the version: by it the matrix finds them. */
export function withCodex(job: Job, body: (version: string) => void): void {
  for (const version of versionsFor(job, VERSIONS, NEWEST))
    describe(`with Codex ${version}`, () => {
      body(version);
    });
}

/** The same for Claude Code, of which the newest stands for all with every change. */
export function withClaude(job: Exclude<Job, "main">, body: (version: string) => void): void {
  for (const version of versionsFor(job, CLAUDE_VERSIONS, CLAUDE_NEWEST))
    describe(`in Claude Code ${version}`, () => {
      body(version);
    });
}

/**
 * A table of cases in which each costs whole processes: those of `change` stand for the kind with every change, the others are tried in
 * `npm run test:matrix`. The logic that tells them apart has a test of its own, with every case.
 */
export function withCases<Case>(
  { change, matrix }: { readonly change: readonly Case[]; readonly matrix: readonly Case[] },
  body: (cases: readonly Case[]) => void,
): void {
  if (SUITE === "matrix")
    describe("more cases", () => {
      body(matrix);
    });
  else body(change);
}

/** Tests that are beside another one of their kind, which stands for them with every change: `npm run test:matrix` has them. */
export function inMatrix(body: () => void): void {
  describe.runIf(SUITE === "matrix")("more cases", body);
}

function versionsFor(job: Job, versions: readonly string[], newest: string): readonly string[] {
  const change: readonly string[] = { main: versions, rest: [newest], further: [] }[job];
  return SUITE === "matrix" ? versions.filter((version) => !change.includes(version)) : change;
}
