import { expect, test } from "vitest";
import { changedLine } from "../../../src/cli/output/changed-line.ts";

const listed = (files: Parameters<typeof changedLine>[0] & { type: "listed" }) => changedLine(files);
const changes = (paths: readonly string[]) => ({
  ...{ type: "listed" as const, root: "/w", alsoRunning: [], trees: { before: "", after: "" } },
  ...{ headMoved: null, refsMoved: [], deletedTests: [], dirtyBefore: [] },
  files: paths.map((path) => ({ path, kind: "changed" as const, added: 2, removed: 1 })),
});

test("the changed files are one line, whatever their names", () => {
  expect(listed(changes(["a.ts", "b\nstatus=failed"]))).toBe("[codex] changed: a.ts (+2 −1), b status=failed (+2 −1)");
});

test("many files are a few and a count; none is not a line", () => {
  expect(listed(changes(Array.from({ length: 12 }, (_, index) => `${index}.ts`)))).toMatch(
    /9\.ts \(\+2 −1\), … and 2 more$/,
  );
  expect(listed(changes([]))).toBeNull();
  expect(changedLine({ type: "no_git" })).toBeNull();
});
